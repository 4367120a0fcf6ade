//! How a line looks, and what that means to a reader.

use model::view::Line;
use model::{Certainty, FlowKind, Mode};

/// The look of a line. Lines of one look may share a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stroke {
    /// Which way things go.
    pub(crate) heads: Heads,
    /// Nobody waits.
    pub(crate) dashed: bool,
    /// How sure it is.
    pub(crate) sure: Sure,
    /// It is no flow: one part of a node comes after another one.
    pub(crate) step: bool,
}

/// Where the arrow heads are. A line starts at the initiator; what is read flows back to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Heads {
    /// At the receiver.
    Forward,
    /// At the initiator, with a dot where it reads.
    Back,
    /// At both ends.
    Both,
}

/// How sure a line is, as far as a reader must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    /// Shown plainly.
    Yes,
    /// One of several, or a matched pattern.
    Possible,
    /// A policy allows it.
    Granted,
}

impl Stroke {
    /// The look of a merged line.
    pub(crate) fn of(line: &Line<'_>) -> Self {
        let sure = match line.certainty {
            Certainty::Declared | Certainty::Inferred => Sure::Yes,
            Certainty::Possible => Sure::Possible,
            Certainty::Granted => Sure::Granted,
        };
        let step = line.flows.is_empty();
        Self { heads: heads(line), dashed: line.mode == Mode::Async, sure, step }
    }

    /// A number for each look.
    pub(crate) const fn number(self) -> u32 {
        self.step as u32 * 18 + self.heads as u32 * 6 + self.sure as u32 * 2 + self.dashed as u32
    }

    /// The colour on a light page.
    pub(crate) const fn colour(self) -> &'static str {
        match self.sure {
            Sure::Yes if self.step => "#1F6FB2",
            Sure::Yes => "#545B64",
            Sure::Possible | Sure::Granted => "#7D8896",
        }
    }
}

/// Where things go: to the receiver what is sent from the initiator or read from the other end, and the other way round.
fn heads(line: &Line<'_>) -> Heads {
    let (mut forward, mut back) = (false, false);
    for flow in &line.flows {
        let reads = flow.kind == FlowKind::Read;
        if reads == line.back.contains(flow) { forward = true } else { back = true }
    }
    match (forward, back) {
        (true, true) => Heads::Both,
        (false, true) => Heads::Back,
        (_, false) => Heads::Forward,
    }
}

/// Whether a line has arrow heads at both ends for what each of two does with the other.
pub(crate) fn is_mutual(line: &Line<'_>) -> bool {
    !line.back.is_empty() && heads(line) == Heads::Both
}

/// What the lines of a page mean: one entry for each way that one of them looks, in a fixed order. Those of a program's
/// code say other things than those of a system, and so do those between services that do something with each other.
pub(crate) fn legend(strokes: &[Stroke], is_code: bool, is_mutual: bool) -> Vec<(Stroke, &'static str)> {
    let plain = Stroke { heads: Heads::Forward, dashed: false, sure: Sure::Yes, step: false };
    let has = |test: &dyn Fn(&Stroke) -> bool| strokes.iter().any(test);
    let forward = if is_code { "uses" } else { "calls, writes or sends" };
    let both = if is_mutual { "both ways" } else { "reads and writes" };
    let granted = if is_code { "a dependency that no line uses" } else { "only allowed by a policy" };
    let entries = [
        (has(&|s| s.step), Stroke { step: true, ..plain }, "comes next"),
        (has(&|s| s.heads == Heads::Forward && !s.dashed && !s.step), plain, forward),
        (has(&|s| s.heads == Heads::Back), Stroke { heads: Heads::Back, ..plain }, "reads (data flows to the arrow)"),
        (has(&|s| s.heads == Heads::Both), Stroke { heads: Heads::Both, ..plain }, both),
        (has(&|s| s.dashed), Stroke { dashed: true, ..plain }, "asynchronous"),
        (
            has(&|s| s.sure == Sure::Possible),
            Stroke { sure: Sure::Possible, ..plain },
            "possible: one of several, or a pattern",
        ),
        (has(&|s| s.sure == Sure::Granted), Stroke { sure: Sure::Granted, ..plain }, granted),
    ];
    entries.into_iter().filter(|(on_page, ..)| *on_page).map(|(_, stroke, text)| (stroke, text)).collect()
}
