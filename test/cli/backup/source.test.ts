import { expect, it } from "vitest";
import { environmentFrom } from "../../../cli/backup/docker/restore-container.ts";

it("a restore of another stack's sets reads its repositories and stays who it is", () => {
  const environment = [
    "BACKUP_STACK=apprun/pr-7",
    "BACKUP_REMOTE=s3:https://storage.example.com/backups/apprun/pr-7",
    "BACKUP_LOCAL_DAYS=7",
    "PGHOST=postgres",
  ];
  expect(environmentFrom(environment, { stack: "apprun/prod" })).toEqual([
    "BACKUP_STACK=apprun/pr-7",
    "BACKUP_REMOTE=s3:https://storage.example.com/backups/apprun/prod",
    "BACKUP_LOCAL_DAYS=7",
    "PGHOST=postgres",
    "BACKUP_FROM=apprun/prod",
    "BACKUP_LOCAL=/backup-from/repository",
  ]);
  expect(environmentFrom(["BACKUP_STACK=apprun/pr-7", "BACKUP_REMOTE="], { stack: "apprun/prod" })).toContain(
    "BACKUP_REMOTE=",
  );
});
