//! The PostgreSQL server of the test kit.

use kiln_testing::{Postgres, PostgresError};
use sqlx::{Connection, PgConnection, query, query_scalar};

#[tokio::test]
async fn a_server_keeps_its_data_over_a_restart_and_is_removed_when_dropped() {
    let server = match Postgres::start() {
        Err(PostgresError::Missing) => return eprintln!("SKIPPED: {}", PostgresError::Missing),
        started => started.expect("it starts"),
    };
    let name = server.database().expect("a database");
    let mut connection = PgConnection::connect(&server.tcp_url_of(&name)).await.expect("by TCP");
    query("CREATE TABLE notes (n INT)").execute(&mut connection).await.expect("a table");
    server.stop().expect("it stops");
    assert!(PgConnection::connect(&server.url_of(&name)).await.is_err());

    server.start_again().expect("it starts again");
    let mut connection = PgConnection::connect(&server.url_of(&name)).await.expect("by the socket");
    let rows: i64 =
        query_scalar("SELECT count(*) FROM notes").fetch_one(&mut connection).await.expect("a count");
    assert_eq!(rows, 0);
    let folder: String =
        query_scalar("SHOW unix_socket_directories").fetch_one(&mut connection).await.expect("a folder");
    assert!(std::path::Path::new(&folder).exists());
    drop(server);
    assert!(!std::path::Path::new(&folder).exists(), "{folder} is left");
}
