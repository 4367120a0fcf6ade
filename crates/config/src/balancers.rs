//! Load balancers: what their listeners and rules hand requests to.

use crate::links::walk;
use crate::template::{Declared, Template, end, referred_id};
use crate::tree::Tree;
use facts::{Certainty, Declarations, Evidence, FlowKind, Link, Mode, NodeKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A listener or rule that sends requests to a group of targets.
struct Forward<'t> {
    by: Declared<'t>,
    balancer: &'t Tree,
    label: Option<Arc<str>>,
}

/// Adds what load balancers call: functions registered with their groups, and services that join one.
pub(crate) fn targets(template: &Template<'_>, out: &mut Declarations) {
    let forwards = forwards(template);
    if forwards.is_empty() {
        return;
    }
    for declared in template.resources.values() {
        match declared.type_name {
            "AWS::ElasticLoadBalancingV2::TargetGroup" => {
                let wants = match declared.property(&["TargetType"]).and_then(Tree::text) {
                    Some("lambda") => NodeKind::Function,
                    // A balancer of connections in front of one of requests.
                    Some("alb") => NodeKind::Other,
                    _ => continue,
                };
                let targets = declared.properties().map(|p| walk(p, "Targets[].Id")).unwrap_or_default();
                for target in targets {
                    let to = end(template.names.expr(target), &[wants], target);
                    links(template, forwards.get(declared.id), &to, out);
                }
            }
            "AWS::ECS::Service" => {
                let groups = declared.properties().map(|p| walk(p, "LoadBalancers[].TargetGroupArn"));
                for group in groups.unwrap_or_default() {
                    let mut to = template.own_end(declared.id, declared.tree);
                    to.place = group.place.clone();
                    links(template, referred_id(group).and_then(|id| forwards.get(id)), &to, out);
                }
            }
            _ => {}
        }
    }
}

fn links(template: &Template<'_>, forwards: Option<&Vec<Forward<'_>>>, to: &facts::End, out: &mut Declarations) {
    for forward in forwards.into_iter().flatten() {
        out.links.push(Link {
            from: end(template.names.expr(forward.balancer), &[NodeKind::Other], forward.balancer),
            to: to.clone(),
            kind: FlowKind::Invoke,
            mode: Mode::Sync,
            certainty: Certainty::Declared,
            label: forward.label.clone(),
            condition: template.resource_condition(&forward.by),
            filter: None,
            event: None,
            evidence: Evidence {
                place: forward.by.key.place.clone(),
                what: format!("{} ({})", forward.by.id, forward.by.type_name).into(),
                via: Vec::new(),
            },
        });
    }
}

/// By the logical id of a group of targets, who sends requests to it.
fn forwards<'t>(template: &Template<'t>) -> BTreeMap<&'t str, Vec<Forward<'t>>> {
    let mut out: BTreeMap<&str, Vec<Forward<'_>>> = BTreeMap::new();
    for declared in template.resources.values() {
        let (balancer, actions) = match declared.type_name {
            "AWS::ElasticLoadBalancingV2::Listener" => (declared.property(&["LoadBalancerArn"]), "DefaultActions[]"),
            "AWS::ElasticLoadBalancingV2::ListenerRule" => (declared.property(&["ListenerArn"]), "Actions[]"),
            _ => continue,
        };
        let (Some(balancer), Some(properties)) = (balancer, declared.properties()) else { continue };
        for way in ["TargetGroupArn", "ForwardConfig.TargetGroups[].TargetGroupArn"] {
            for group in walk(properties, &format!("{actions}.{way}")) {
                let Some(id) = referred_id(group) else { continue };
                let label = label(properties);
                out.entry(id).or_default().push(Forward { by: *declared, balancer, label });
            }
        }
    }
    out
}

/// The paths or hosts that a rule is for.
fn label(properties: &Tree) -> Option<Arc<str>> {
    let ways = ["Values[]", "PathPatternConfig.Values[]", "HostHeaderConfig.Values[]"];
    let conditions = ways.iter().map(|way| walk(properties, &format!("Conditions[].{way}")));
    let texts: Vec<&str> = conditions.flatten().filter_map(Tree::text).collect();
    (!texts.is_empty()).then(|| texts.join(", ").into())
}
