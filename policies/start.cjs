// The engine loads a pack with require(), after it has put a compiler of its own in the way of every require() of TypeScript; import() is Node's.
require("../start.cjs");
module.exports = import("./pack.ts");
