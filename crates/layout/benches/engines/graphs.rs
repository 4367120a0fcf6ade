//! Graphs in the shape of cloud systems, the same on every machine.

use layout::{BoxSpec, EdgeSpec, GroupSpec, LayoutGraph, Size};
use std::collections::BTreeSet;

/// The side of an icon.
pub(crate) const ICON: i32 = 64;

/// A graph of services, each with an API, functions and stores; some of them share a bus, and one table is used by
/// functions of all. One in three services is split in two groups.
pub(crate) fn system(boxes: usize, seed: u64) -> LayoutGraph {
    let mut maker =
        Maker { random: Random(seed.wrapping_mul(0x9e37_79b9).wrapping_add(boxes as u64)), ..Maker::default() };
    let shared = boxes >= 20;
    let own = if shared { boxes - 3 } else { boxes };
    let mut functions = Vec::new();
    while maker.graph.boxes.len() < own {
        let left = own - maker.graph.boxes.len();
        let size = maker.random.within(6, 13).min(left);
        functions.push(maker.service(size));
    }
    if shared {
        maker.shared(&functions);
    }
    maker.graph
}

#[derive(Default)]
struct Maker {
    graph: LayoutGraph,
    random: Random,
    connected: BTreeSet<(usize, usize)>,
}

impl Maker {
    /// A service, and its functions.
    fn service(&mut self, size: usize) -> Vec<usize> {
        let group = self.group(None);
        let inner = if size >= 9 && self.random.below(3) == 0 { self.group(Some(group)) } else { group };
        let api = (size > 3).then(|| self.place(Some(group)));
        let stores = (size / 4).max(usize::from(size > 1));
        let functions: Vec<usize> =
            (0..size - stores - usize::from(api.is_some())).map(|_| self.place(Some(group))).collect();
        let stores: Vec<usize> = (0..stores).map(|_| self.place(Some(inner))).collect();
        for (at, &function) in functions.iter().enumerate() {
            match api {
                // Most functions answer a route; the others are called by one that does.
                Some(api) if at == 0 || self.random.below(4) > 0 => self.connect(api, function, 0, 10),
                _ if at > 0 => {
                    let caller = functions[self.random.below(at)];
                    let style = self.random.below(2);
                    self.connect(caller, function, style, 10);
                }
                _ => {}
            }
            for _ in 0..self.random.within(1, 2) {
                if !stores.is_empty() {
                    let (store, style) = (stores[self.random.below(stores.len())], self.random.below(2));
                    self.connect(function, store, style, 1);
                }
            }
        }
        // A stream of the first store starts the last function.
        if let (Some(&store), Some(&function)) = (stores.first(), functions.last())
            && functions.len() > 2
            && self.random.below(2) == 0
        {
            self.connect(store, function, 2, 10);
        }
        functions
    }

    /// What several services use: a bus, a table and something outside.
    fn shared(&mut self, services: &[Vec<usize>]) {
        let [bus, table, outside] = [(); 3].map(|()| self.place(None));
        for (at, functions) in services.iter().enumerate() {
            for (i, &function) in functions.iter().enumerate() {
                if self.random.below(3) == 0 {
                    self.connect(function, table, 1, 1);
                }
                if i == 0 && at % 2 == 0 {
                    self.connect(function, bus, 2, 10);
                } else if i == 1 && at % 3 > 0 {
                    self.connect(bus, function, 2, 10);
                } else if self.random.below(12) == 0 {
                    self.connect(function, outside, 0, 1);
                }
            }
            // A service calls a function of the next one.
            if let (Some(&from), Some(&to)) = (functions.last(), services.get(at + 1).and_then(|f| f.first())) {
                self.connect(from, to, 0, 10);
            }
        }
    }

    fn group(&mut self, parent: Option<usize>) -> usize {
        let title = Size::new(self.random.even(80, 160), 28);
        self.graph.groups.push(GroupSpec { parent, title, apart: false });
        self.graph.groups.len() - 1
    }

    fn place(&mut self, group: Option<usize>) -> usize {
        let lines = if self.random.below(4) == 0 { 3 } else { 2 };
        let caption = Size::new(self.random.even(50, 130), 15 * lines);
        self.graph.boxes.push(BoxSpec { group, size: Size::new(ICON, ICON), caption, ..BoxSpec::default() });
        self.graph.boxes.len() - 1
    }

    fn connect(&mut self, from: usize, to: usize, style: usize, weight: u32) {
        if from == to || !self.connected.insert((from, to)) {
            return;
        }
        let lines = if self.random.below(5) == 0 { 2 } else { 1 };
        let label = Size::new(self.random.even(40, 100), 13 * lines);
        let label = if self.random.below(10) < 6 { label } else { Size::default() };
        self.graph.edges.push(EdgeSpec { from, to, label, weight, style: style as u32 });
    }
}

/// Numbers without any pattern that matters here: a linear congruential generator.
#[derive(Default)]
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn within(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    fn even(&mut self, low: u16, high: u16) -> i32 {
        let some = self.within(low.into(), high.into());
        i32::try_from(some & !1).expect("no more than `high`")
    }
}
