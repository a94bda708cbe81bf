//! Plain rules, taken out of a sheet that is compiled again and again. They have no part in what the engine makes of
//! the rest, which it need not make anew when one of them is edited.
//!
//! The engine prints them as it would in their place, but apart. A mark stands where they stood, in what it is given
//! and in what it prints; a sheet for which that is not the same as the whole cannot be parted.

use std::{
    collections::BTreeSet,
    iter,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use kiln_manifest::Digest;

use super::{
    Printed,
    plain_rules::{Rule, rules},
};
use crate::{
    compile::style::{Marked, Step},
    edit::Edit,
};

/// Before the plain rules: without it the engine hands a sheet on unprinted.
const BEGINNING: &str = "@tailwind utilities;\n";

const NAME: &str = "kiln-plain-";

/// See the module.
pub(super) struct Parted {
    /// The sheet, with marks for its plain rules.
    pub(super) rest: Marked,
    /// The plain rules alone, each run of them behind its mark.
    pub(super) plain: Marked,
    pub(super) marks: Vec<Mark>,
}

/// A rule in place of a run of others. It uses the variables that they use: the engine leaves out of its theme what
/// nobody does.
#[derive(Debug)]
pub(super) struct Mark {
    number: usize,
    used: BTreeSet<String>,
    /// Whether it stands for nothing.
    is_empty: bool,
}

/// The longest run of plain rules.
#[derive(Debug)]
struct Run {
    place: Range<usize>,
    used: BTreeSet<String>,
}

impl Parted {
    /// None when the sheet can be read in more than one way.
    pub(super) fn of(sheet: &Marked) -> Option<Self> {
        let (mut rest, mut plain, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        let mut done = 0;
        for (number, Run { place, used }) in runs(&sheet.css)?.into_iter().enumerate() {
            let mark = Mark { number, used, is_empty: place.is_empty() };
            let beginning = if number == 0 { BEGINNING } else { "" };
            plain.push(Edit { place: done..place.start, text: format!("{beginning}{}", mark.written()) });
            done = place.end;
            rest.push(Edit { place, text: mark.written() });
            marks.push(mark);
        }
        plain.push(Edit { place: done..sheet.css.len(), text: String::new() });
        Some(Self { rest: sheet.replaced(&rest), plain: sheet.replaced(&plain), marks })
    }
}

/// The last ends the sheet, and may be empty: that is where rules are added.
fn runs(css: &str) -> Option<Vec<Run>> {
    if css.contains(NAME) {
        return None;
    }
    let rules = rules(css)?;
    let plain = rules.chunk_by(|rule, next| rule.is_plain == next.is_plain).filter(|run| run[0].is_plain);
    let mut runs: Vec<Run> = plain
        .map(|run| Run {
            place: run[0].place.start..run[run.len() - 1].place.end,
            used: run.iter().flat_map(|rule| &rule.used).cloned().collect(),
        })
        .collect();
    match runs.last_mut().filter(|_| rules.last().is_some_and(|rule| rule.is_plain)) {
        Some(last) => last.place.end = css.len(),
        None => runs.push(Run { place: css.len()..css.len(), used: BTreeSet::new() }),
    }
    Some(runs)
}

impl Mark {
    /// On one line, so that a sheet which the engine hands on unprinted has no mark as it is expected.
    fn written(&self) -> String {
        self.printed().replace('\n', "") + "\n"
    }

    /// What the engine makes of it.
    fn printed(&self) -> String {
        let used = self.used.iter().map(|name| format!("var({name})"));
        let value: Vec<String> = iter::once("0".to_owned()).chain(used).collect();
        format!(".{NAME}{} {{\n  order: {};\n}}", self.number, value.join(" "))
    }
}

/// The sheets that this process has compiled.
static SEEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Whether this process compiles the sheet once more.
pub(super) fn is_seen_again(sheet: &Path) -> bool {
    !SEEN.lock().unwrap_or_else(PoisonError::into_inner).insert(sheet.to_owned())
}

/// Rests to which nothing could be joined in this process: they are not tried again.
static WHOLE: Mutex<BTreeSet<Digest>> = Mutex::new(BTreeSet::new());

/// Whether nothing could be joined when the rest was last compiled.
pub(super) fn stays_whole(rest: &Marked) -> bool {
    WHOLE.lock().unwrap_or_else(PoisonError::into_inner).contains(&digest(rest))
}

/// Has [`stays_whole`] say so.
pub(super) fn keep_whole(rest: &Marked) {
    WHOLE.lock().unwrap_or_else(PoisonError::into_inner).insert(digest(rest));
}

fn digest(rest: &Marked) -> Digest {
    Digest::of_parts([rest.file.as_os_str().as_encoded_bytes(), rest.css.as_bytes()])
}

/// Puts the plain rules where their marks stand. None when that is not what the engine makes of the whole: it writes
/// neighbours with the same prelude as one, and looks for the first rule that is no import.
pub(super) fn join(marks: &[Mark], rest: &Printed, plain: &Printed) -> Option<Printed> {
    let around = Piece::all(&rest.css, marks)?;
    let apart = Piece::all(&plain.css, marks)?;
    let mut joined = Joined::default();
    joined.take(&around[0], rest, 0)?;
    for ((mark, run), after) in marks.iter().zip(&apart[1..]).zip(&around[1..]) {
        if run.ends.is_none() && !mark.is_empty {
            return None;
        }
        joined.take(run, plain, rest.read.len())?;
        joined.take(after, rest, 0)?;
    }
    Some(Printed {
        css: joined.css,
        read: rest.read.iter().chain(&plain.read).cloned().collect(),
        steps: joined.steps,
    })
}

/// What was printed before the first mark, between two, or after the last: whole lines.
struct Piece<'a> {
    css: &'a str,
    first_line: usize,
    /// The preludes of its first rule and of its last.
    ends: Option<(&'a str, &'a str)>,
}

impl<'a> Piece<'a> {
    /// None when not every mark stands there as it is expected.
    fn all(css: &'a str, marks: &[Mark]) -> Option<Vec<Self>> {
        let rules = rules(css)?;
        let is_mark = |rule: &Rule| css[rule.place.clone()].contains(NAME);
        let found: Vec<&Rule> = rules.iter().filter(|rule| is_mark(rule)).collect();
        let is_expected = |(rule, mark): (&&Rule, &Mark)| css[rule.place.clone()] == mark.printed();
        if found.len() != marks.len() || !found.iter().zip(marks).all(is_expected) {
            return None;
        }
        let after = |rule: &Rule| rule.place.end + "\n".len();
        let begins = iter::once(0).chain(found.iter().map(|mark| after(mark)));
        let ends = found.iter().map(|mark| mark.place.start).chain([css.len()]);
        let prelude = |rule: &Rule| &css[rule.prelude.clone()];
        let pieces = begins.zip(ends).zip(rules.split(is_mark)).map(|((begin, end), rules)| {
            let ends = rules.first().zip(rules.last());
            Some(Self {
                css: css.get(begin..end)?,
                first_line: css[..begin].matches('\n').count(),
                ends: ends.map(|(first, last)| (prelude(first), prelude(last))),
            })
        });
        pieces.collect()
    }
}

#[derive(Default)]
struct Joined<'a> {
    css: String,
    lines: usize,
    /// The prelude of the last rule.
    last: Option<&'a str>,
    steps: Vec<Step>,
}

impl<'a> Joined<'a> {
    /// Goes on with a piece of what was printed, from sheets that are read after `before` others. None when its first
    /// rule would be one with the last.
    fn take(&mut self, piece: &Piece<'a>, printed: &Printed, before: usize) -> Option<()> {
        if let Some((first, last)) = piece.ends {
            if self.last == Some(first) {
                return None;
            }
            self.last = Some(last);
        }
        let lines = piece.css.matches('\n').count();
        let steps = printed.steps.iter().filter_map(|step| {
            let (line, column) = step.compiled;
            let line = (line as usize).checked_sub(piece.first_line).filter(|line| *line < lines)?;
            let compiled = (u32::try_from(self.lines + line).ok()?, column);
            Some(Step { compiled, text: step.text + before, ..*step })
        });
        self.steps.extend(steps);
        self.css.push_str(piece.css);
        self.lines += lines;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(css: &str) -> Option<Vec<&str>> {
        Some(runs(css)?.into_iter().map(|run| &css[run.place]).collect())
    }

    #[test]
    fn a_run_is_of_plain_rules_and_the_last_ends_the_sheet() {
        let css =
            "@import \"x\"; .a{} /* b */ @layer c{.c{}} @utility u{top:0} .d{} /*! e */ .f{} @layer g, h;";
        assert_eq!(plain(css).expect("runs"), [".a{} /* b */ @layer c{.c{}}", ".d{}", ".f{}", ""]);
        assert_eq!(plain(".a{}\n.b{}\n").expect("runs"), [".a{}\n.b{}\n"]);
        assert_eq!(plain(".kiln-plain-0{}"), None);
    }

    #[test]
    fn a_mark_uses_the_variables_that_its_rules_use() {
        let used = ["--a", "--b"].map(str::to_owned).into();
        let mark = Mark { number: 7, used, is_empty: false };
        assert_eq!(mark.printed(), ".kiln-plain-7 {\n  order: 0 var(--a) var(--b);\n}");
        assert_eq!(mark.written(), ".kiln-plain-7 {  order: 0 var(--a) var(--b);}\n");
    }
}
