//! Whatsit says what a file is: the reference application of Kiln.
//!
//! The modules stand in reading order: the domain, what keeps its verdicts, how people reach it, and how
//! all of that starts and stops.

pub mod identify;
