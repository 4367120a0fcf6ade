//! Positions on a line that keep their distances and have the least total length: the network simplex method.

/// That one position is at least `distance` after another, and how much each pixel between the two costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) distance: i32,
    pub(crate) weight: i64,
}

/// More steps than this, in arcs looked at, are not worth their time: what has been reached until then is kept.
const WORK: usize = 60_000_000;

/// Moves positions so that all arcs together cost the least. The first position is where everything starts and has an
/// arc to every other. Positions must keep all distances to begin with; they always do afterwards.
pub(crate) fn minimise(positions: &mut [i32], arcs: &[Arc]) {
    let Some(mut tree) = Tree::leftmost(positions, arcs) else { return };
    let mut balance = vec![0; positions.len()];
    for arc in arcs {
        balance[arc.from] += arc.weight;
        balance[arc.to] -= arc.weight;
    }
    let most = (WORK / (arcs.len() + positions.len())).min(4 * positions.len() + 100);
    let mut sums = Vec::new();
    for _ in 0..most {
        tree.walk();
        sums.clone_from(&balance);
        let Some(top) = tree.leaving(&mut sums) else { break };
        let Some((entering, by)) = tree.entering(positions, top) else { break };
        let (first, size) = tree.place[top];
        for &at in &tree.order[first..first + size] {
            positions[at] += by;
        }
        tree.exchange(top, entering);
    }
}

/// A spanning tree of arcs that are as short as they may be. A branch is named by its topmost position.
struct Tree<'a> {
    arcs: &'a [Arc],
    /// All arcs, by the position they are at, and for each position where its own begin.
    arcs_at: Vec<usize>,
    first_at: Vec<usize>,
    /// The arcs of the tree at each position.
    at: Vec<Vec<usize>>,
    /// For each position but the first, the arc that leads upwards.
    above: Vec<usize>,
    /// Positions, each before those of its branch, which follow it at once.
    order: Vec<usize>,
    /// Where in the order each position is, and how many its branch has.
    place: Vec<(usize, usize)>,
}

impl<'a> Tree<'a> {
    /// Moves everything as far to the front as it may go, which gives a tree.
    fn leftmost(positions: &mut [i32], arcs: &'a [Arc]) -> Option<Self> {
        let mut sorted: Vec<(i32, i32, usize)> =
            arcs.iter().enumerate().map(|(a, arc)| (positions[arc.from], positions[arc.to], a)).collect();
        sorted.sort_unstable();
        let mut least = vec![None; positions.len()];
        *least.first_mut()? = Some(positions[0]);
        let mut above = vec![usize::MAX; positions.len()];
        let mut changed = true;
        // In this order most is settled in the first round; there cannot be more rounds than positions.
        for _ in 0..=positions.len() {
            if !std::mem::take(&mut changed) {
                break;
            }
            for &(.., a) in &sorted {
                let arc = &arcs[a];
                let Some(from) = least[arc.from] else { continue };
                if least[arc.to].is_none_or(|to| to < from + arc.distance) {
                    least[arc.to] = Some(from + arc.distance);
                    above[arc.to] = a;
                    changed = true;
                }
            }
        }
        let least: Vec<i32> = least.into_iter().collect::<Option<_>>()?;
        if changed || above[0] != usize::MAX {
            return None;
        }
        positions.copy_from_slice(&least);
        let mut at = vec![Vec::new(); positions.len()];
        for &a in &above[1..] {
            at[arcs[a].from].push(a);
            at[arcs[a].to].push(a);
        }
        let count = positions.len();
        let (arcs_at, first_at) = by_position(arcs, count);
        Some(Self { arcs, arcs_at, first_at, at, above, order: Vec::with_capacity(count), place: vec![(0, 0); count] })
    }

    /// Finds out what is above what.
    fn walk(&mut self) {
        self.order.clear();
        let mut open = vec![0];
        while let Some(position) = open.pop() {
            self.place[position] = (self.order.len(), 1);
            self.order.push(position);
            let upwards = self.above[position];
            for &a in self.at[position].iter().filter(|a| **a != upwards) {
                let Arc { from, to, .. } = self.arcs[a];
                let below = if from == position { to } else { from };
                self.above[below] = a;
                open.push(below);
            }
        }
        for &position in self.order[1..].iter().rev() {
            let size = self.place[position].1;
            let upper = self.other(self.above[position], position);
            self.place[upper].1 += size;
        }
    }

    fn other(&self, arc: usize, end: usize) -> usize {
        let Arc { from, to, .. } = self.arcs[arc];
        if from == end { to } else { from }
    }

    fn below(&self, top: usize, at: usize) -> bool {
        let (first, size) = self.place[top];
        let place = self.place[at].0;
        place >= first && place < first + size
    }

    /// The branch that gains most per pixel when the arc above it gets longer, if any gains at all.
    /// In go the sums of the positions alone.
    fn leaving(&self, sums: &mut [i64]) -> Option<usize> {
        // What the arcs that lead out of a branch cost, less what those cost that lead into it.
        for &position in self.order[1..].iter().rev() {
            let sum = sums[position];
            sums[self.other(self.above[position], position)] += sum;
        }
        let gain = |at: usize| if self.arcs[self.above[at]].from == at { -sums[at] } else { sums[at] };
        let best = (1..sums.len()).max_by_key(|at| (gain(*at), usize::MAX - at))?;
        (gain(best) > 0).then_some(best)
    }

    /// The arc that a branch meets first on its way, and how far it can move until then.
    fn entering(&self, positions: &[i32], top: usize) -> Option<(usize, i32)> {
        let falls = self.arcs[self.above[top]].from == top;
        let (first, size) = self.place[top];
        // The arcs sought have one end on each side, so it is enough to look at the smaller one.
        let (before, branch, after) =
            (&self.order[..first], &self.order[first..first + size], &self.order[first + size..]);
        let sides = if size * 2 <= self.order.len() { [branch, &[]] } else { [before, after] };
        let mut best: Option<(i32, usize)> = None;
        for &a in sides.iter().flat_map(|side| side.iter()).flat_map(|at| self.arcs_of(*at)) {
            let arc = &self.arcs[a];
            if self.below(top, arc.to) == falls && self.below(top, arc.from) != falls {
                let slack = positions[arc.to] - positions[arc.from] - arc.distance;
                if best.is_none_or(|least| (slack, a) < least) {
                    best = Some((slack, a));
                }
            }
        }
        best.map(|(slack, a)| (a, if falls { -slack } else { slack }))
    }

    fn arcs_of(&self, position: usize) -> &[usize] {
        &self.arcs_at[self.first_at[position]..self.first_at[position + 1]]
    }

    fn exchange(&mut self, top: usize, entering: usize) {
        let leaving = self.above[top];
        let Arc { from, to, .. } = self.arcs[leaving];
        self.at[from].retain(|a| *a != leaving);
        self.at[to].retain(|a| *a != leaving);
        let Arc { from, to, .. } = self.arcs[entering];
        self.at[from].push(entering);
        self.at[to].push(entering);
    }
}

/// The arcs at each of so many positions, in their order, and where those of each begin; the last one ends at the end.
fn by_position(arcs: &[Arc], count: usize) -> (Vec<usize>, Vec<usize>) {
    let mut first = vec![0; count + 1];
    for arc in arcs {
        first[arc.from + 1] += 1;
        first[arc.to + 1] += 1;
    }
    for position in 0..count {
        first[position + 1] += first[position];
    }
    let (mut at, mut next) = (vec![0; 2 * arcs.len()], first.clone());
    for (a, arc) in arcs.iter().enumerate() {
        for end in [arc.from, arc.to] {
            at[next[end]] = a;
            next[end] += 1;
        }
    }
    (at, first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Arcs as from, to, distance and weight; those from the start to each position are added.
    fn check(before: &[i32], arcs: &[(usize, usize, i32, i64)], expected: &[i32]) {
        let mut positions = before.to_vec();
        let starts = (1..before.len()).map(|to| Arc { from: 0, to, distance: 0, weight: 0 });
        let arcs = arcs.iter().map(|&(from, to, distance, weight)| Arc { from, to, distance, weight });
        let arcs: Vec<Arc> = arcs.chain(starts).collect();
        minimise(&mut positions, &arcs);
        assert_eq!(positions, expected);
    }

    #[test]
    fn what_is_loose_moves_to_where_it_costs_least() {
        check(&[0], &[], &[0]);
        check(&[0, 7, 30], &[(1, 2, 10, 1)], &[0, 0, 10]);
        // The short one goes to the heavy end, although that is the far one.
        check(&[0, 0, 5, 20], &[(1, 2, 5, 1), (2, 3, 5, 3), (1, 3, 20, 1)], &[0, 0, 15, 20]);
        check(&[0, 0, 5, 20], &[(1, 2, 5, 3), (2, 3, 5, 1), (1, 3, 20, 1)], &[0, 0, 5, 20]);
    }

    #[test]
    fn what_is_tied_moves_together() {
        let tied = [(1, 2, 4, 0), (2, 1, -4, 0)];
        check(&[0, 8, 12, 40], &[tied[0], tied[1], (2, 3, 10, 5), (0, 3, 40, 1)], &[0, 26, 30, 40]);
    }
}
