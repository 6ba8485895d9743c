import { CliError, EXIT } from "../kit/exit.ts";
import { note } from "../kit/output.ts";
import type { Answers } from "./answers.ts";
import { QUESTIONS, type Question } from "./questions.ts";

/** Types a question and returns what was typed. `@default -` nobody can answer */
export type AskLine = (question: string) => Promise<string>;

/** What the options say. */
export type GivenAnswers = Partial<Omit<Answers, "stack">>;

/**
 * Every answer: those of the options first, the others from whoever sits at the terminal.
 * @throws CliError with exit code 2 for an option that is wrong, needless, or missing where nobody can answer
 */
export async function askAll(stack: string, given: GivenAnswers, ask: AskLine | undefined): Promise<Answers> {
  let answers: Partial<Answers> & Pick<Answers, "stack"> = { stack };
  for (const question of QUESTIONS) {
    const option = given[question.key];
    if (!question.applies(answers)) {
      if (option !== undefined)
        throw usage(question, `got "${option}"`, "nothing with the other answers", "leave it out");
      continue;
    }
    const required = question.required(answers);
    const answer = option === undefined ? await asked(question, required, ask) : checked(question, option);
    answers = { ...answers, ...(answer !== undefined && { [question.key]: answer }) };
  }
  return answers as Answers;
}

/** Asks until the answer is one; without a terminal only what has to be given is missed. */
async function asked(question: Question, required: boolean, ask: AskLine | undefined): Promise<string | undefined> {
  const { fallback } = question;
  if (ask === undefined) {
    if (!required) return fallback;
    throw usage(question, "got nothing, and there is no terminal to ask at", allowedBy(question, ""), "name it");
  }
  for (;;) {
    const typed = await ask(
      `${question.question}${fallback === undefined ? "" : ` [${fallback}]`}${question.question.endsWith("?") ? "" : ":"} `,
    );
    if (typed === "" && !required) return fallback;
    try {
      return checked(question, typed);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      note(`  ${error.message}`);
    }
  }
}

function checked(question: Question, answer: string): string {
  if (question.schema.safeParse(answer).success) return answer;
  throw usage(question, `got "${answer.replace(/\/\/[^/@]*@/, "//***@")}"`, allowedBy(question, answer), "change it");
}

function allowedBy({ schema }: Question, answer: string): string {
  return schema.safeParse(answer).error?.issues[0]?.message ?? "";
}

function usage({ option }: Question, got: string, allowed: string, fix: string): CliError {
  return new CliError({ got: `${option}: ${got}`, allowed, fix: `${fix}; nothing was written` }, EXIT.usage);
}
