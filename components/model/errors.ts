import { RunError } from "@pulumi/pulumi";
import { phrase, type Complaint } from "./problem.ts";

/**
 * An error meant for the operator. It is a `RunError`, because the language
 * host prints any other class with a stack that buries the message; and where
 * the error ends a registration, the SDK prints the stack of this one too.
 */
export class ModelError extends RunError {
  constructor(complaint: Complaint) {
    super(phrase(complaint));
    this.stack = this.message;
  }
}
