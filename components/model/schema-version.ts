/** A database schema that a service brings up by itself, and how to ask for its version. */
export interface SchemaSource<ImageName extends string = string> {
  readonly database: string;
  /** One line of SQL that answers with the version, in a form that `sort -V` orders. */
  readonly sql: string;
  /** Name in the catalogue of the image that works on it. */
  readonly image: ImageName;
  /** The job that brings it up. */
  readonly job: string;
}
