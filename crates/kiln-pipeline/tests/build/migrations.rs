//! Migrations that a build accepts, without traces in the package. Rejected migrations are in `tests/ui`.

use kiln_manifest::Mode;

use crate::project::{Project, files};

const NOTES: &str = "CREATE TABLE authors (id BIGINT PRIMARY KEY);
CREATE TABLE notes (id BIGINT PRIMARY KEY, author BIGINT NOT NULL REFERENCES authors (id), text TEXT);
CREATE TRIGGER notes_are_permanent BEFORE DELETE ON notes
BEGIN
    SELECT RAISE(ABORT, 'permanent');
END;
INSERT INTO authors VALUES (1); SELECT count(*) FROM notes; -- nothing follows
";

/// A rebuilt table to which rows refer, as in SQLite's documentation of ALTER TABLE.
const ANEW: &str = "INSERT INTO notes VALUES (1, 1, 'one; two');
CREATE TABLE authors_anew (id BIGINT PRIMARY KEY, name TEXT);
INSERT INTO authors_anew SELECT id, NULL FROM authors;
DROP TABLE authors;
ALTER TABLE authors_anew RENAME TO authors;
";

#[test]
fn the_build_accepts_migrations_that_migrate_accepts() {
    let project = Project::new("")
        .file("assets/index.html", "<p>")
        .file("migrations/0001_notes.sql", NOTES)
        .file("migrations/0002_anew.sql", ANEW.replace('\n', "\r\n"))
        .file("migrations/0003_case.postgres.sql", "CREATE EXTENSION citext;")
        .file("migrations/0003_case.sqlite.sql", "-- SQLite needs none.\n")
        .file("migrations/0004_shrink.postgres.sql", "-- kiln: no-transaction\nVACUUM FULL;")
        .file("migrations/0004_shrink.sqlite.sql", "-- kiln: no-transaction\nVACUUM;")
        .file("migrations/0004_shrink.sqlite.sql~", "what an editor left")
        .file("migrations/.keep", "");
    let before = files(project.root());
    let output = project.build(Mode::Release);
    assert_eq!(files(project.root()), before);
    let sources: Vec<&str> =
        output.report.manifest.sources.iter().map(|source| source.path.as_str()).collect();
    let migrations: Vec<&str> =
        sources.into_iter().filter_map(|path| path.strip_prefix("migrations/")).collect();
    let expected = [
        "0001_notes.sql",
        "0002_anew.sql",
        "0003_case.postgres.sql",
        "0003_case.sqlite.sql",
        "0004_shrink.postgres.sql",
        "0004_shrink.sqlite.sql",
    ];
    assert_eq!(migrations, expected);
}

#[test]
fn sql_for_postgresql_alone_builds_without_the_check() {
    let files = |options| {
        Project::new(options).file("assets/index.html", "<p>").file(
            "migrations/0001_notes.sql",
            "CREATE TABLE notes (at TIMESTAMPTZ DEFAULT now() - interval '1 day');",
        )
    };
    assert!(files("").try_build(Mode::Release).is_err());
    files("check-sql = false").build(Mode::Release);
}
