//! Flows through buses: events are parts of the bus that they are put onto, and each rule lets through some of them.

use crate::events::{Admits, admits, known_events};
use crate::flows::{Builder, Flow};
use crate::substitute::Resolver;
use facts::{Certainty, Effect, Entry, Event, Link, NodeKind, Part, Place};

impl<'a> Builder<'_, 'a> {
    /// A declared flow; that of a rule waits until it is known which events there are.
    pub(crate) fn declared_flow(&mut self, flow: Flow, link: &Link) {
        if flow.certainty != Certainty::Granted && self.is_bus(&flow.to) {
            self.buses.open.insert(flow.to.clone());
        }
        match &link.filter {
            Some(filter) if self.is_bus(&flow.from) => self.filtered.push((flow, filter.clone())),
            _ => self.add(flow),
        }
    }

    /// The ends of an effect; of one that puts events onto a bus, these.
    pub(crate) fn events_of(
        &mut self,
        effect: &Effect,
        entry: Option<&'a Entry>,
        ends: Vec<(String, Certainty)>,
    ) -> Vec<(String, Certainty)> {
        let mut out = Vec::new();
        for (end, certainty) in ends {
            let (parts, apart) = self.events_at(effect.event.as_ref(), entry, &effect.evidence.place, end);
            out.extend(parts.into_iter().map(|part| (part, certainty.max(apart))));
        }
        out
    }

    /// The events that are put onto a bus, as parts of it; the bus itself where their type is not known. With how sure
    /// each of them is.
    pub(crate) fn events_at(
        &mut self,
        event: Option<&Event>,
        entry: Option<&'a Entry>,
        place: &Place,
        to: String,
    ) -> (Vec<String>, Certainty) {
        let event = event.filter(|_| self.is_bus(&to));
        let Some(known) = event.and_then(|event| known_events(&Resolver::new(self.index, entry), event)) else {
            if event.is_some() {
                self.buses.open.insert(to.clone());
            }
            return (vec![to], Certainty::Declared);
        };
        let certainty = if known.len() > 1 { Certainty::Possible } else { Certainty::Declared };
        let mut parts = Vec::new();
        for event in known {
            let part = Part { kind: NodeKind::EventType, name: event.name().into() };
            let id = self.nodes.part(&to, &part, place);
            self.buses.known.entry(to.clone()).or_default().insert(id.clone(), event);
            parts.push(id);
        }
        (parts, certainty)
    }

    /// What a rule lets through of the events that are known to be put onto its bus, and else whatever else is.
    pub(crate) fn filtered_flows(&mut self) {
        let resolver = Resolver::new(self.index, None);
        for (flow, filter) in std::mem::take(&mut self.filtered) {
            let (parts, others) = self.buses.admitted(&flow.from, |event| admits(&resolver, &filter, event));
            let part_of = |(part, admits): (&str, Admits)| {
                let mut of_part = Flow { from: part.to_owned(), label: None, ..flow.clone() };
                let name = self.nodes.by_id.get(part).map_or(part, |node| &node.name);
                let step = if admits == Admits::Yes {
                    format!("the rule's pattern lets `{name:.160}` through")
                } else {
                    of_part.certainty = flow.certainty.max(Certainty::Possible);
                    format!("the rule's pattern may let `{name:.160}` through; not all of it is known")
                };
                of_part.evidence.how.push(step);
                of_part
            };
            let all: Vec<Flow> = parts.into_iter().map(part_of).chain(others.then(|| flow.clone())).collect();
            for flow in all {
                self.add(flow);
            }
        }
    }

    pub(crate) fn is_bus(&self, id: &str) -> bool {
        self.nodes.by_id.get(id).is_some_and(|n| n.kind == NodeKind::EventBus)
    }
}
