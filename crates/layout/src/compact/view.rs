//! What things see of one another when one looks to the left.

use std::collections::BTreeSet;

/// What can be seen from the right: things by the heights at which they are the rightmost.
#[derive(Default)]
pub(super) struct View {
    spans: Vec<(i32, i32, usize)>,
}

impl View {
    pub(super) fn seen(&self, top: i32, bottom: i32) -> BTreeSet<usize> {
        let first = self.spans.partition_point(|(_, to, _)| *to < top);
        self.spans[first..].iter().take_while(|(from, ..)| *from <= bottom).map(|(.., thing)| *thing).collect()
    }

    pub(super) fn add(&mut self, thing: usize, top: i32, bottom: i32) {
        let first = self.spans.partition_point(|(_, to, _)| *to < top);
        let count = self.spans[first..].iter().take_while(|(from, ..)| *from <= bottom).count();
        let mut with = vec![(top, bottom, thing)];
        if count > 0 {
            let (from, _, upper) = self.spans[first];
            let (_, to, lower) = self.spans[first + count - 1];
            if from < top {
                with.insert(0, (from, top - 1, upper));
            }
            if to > bottom {
                with.push((bottom + 1, to, lower));
            }
        }
        self.spans.splice(first..first + count, with);
    }
}
