//! The whole application, over a real socket and a real database.

mod corpus;
