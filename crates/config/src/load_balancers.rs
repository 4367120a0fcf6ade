//! Load balancers: a listener or one of its rules forwards to a target group, whose target is a function.

use crate::links::walk;
use crate::template::{Declared, Template, end, evidence};
use crate::tree::Tree;
use facts::{Certainty, Declarations, FlowKind, Link, Mode, NodeKind};

/// Adds the calls of the template's load balancers.
pub(crate) fn calls(template: &Template<'_>, out: &mut Declarations) {
    for declared in template.resources.values() {
        let (listener, actions) = match declared.type_name {
            "AWS::ElasticLoadBalancingV2::Listener" => (Some(declared), "DefaultActions[]"),
            "AWS::ElasticLoadBalancingV2::ListenerRule" => {
                let listener = declared.property(&["ListenerArn"]).and_then(Tree::referenced);
                (listener.and_then(|id| template.resources.get(id)), "Actions[]")
            }
            _ => continue,
        };
        let balancer = listener.and_then(|l| l.property(&["LoadBalancerArn"]));
        let (Some(balancer), Some(properties)) = (balancer, declared.properties()) else { continue };
        for action in walk(properties, actions) {
            for function in functions(template, action) {
                out.links.push(call(template, declared, balancer, function));
            }
        }
    }
}

/// The functions of the target groups that an action forwards to.
fn functions<'t>(template: &Template<'t>, action: &'t Tree) -> Vec<&'t Tree> {
    let groups =
        ["TargetGroupArn", "ForwardConfig.TargetGroups[].TargetGroupArn"].map(|way| walk(action, way)).concat();
    let groups = groups.into_iter().filter_map(|g| template.resources.get(g.referenced()?));
    let groups = groups.filter(|g| g.property(&["TargetType"]).and_then(Tree::text) == Some("lambda"));
    groups.filter_map(Declared::properties).flat_map(|p| walk(p, "Targets[].Id")).collect()
}

fn call(template: &Template<'_>, declared: &Declared<'_>, balancer: &Tree, function: &Tree) -> Link {
    let mut evidence = evidence(function, format!("{} ({})", declared.id, declared.type_name));
    evidence.place = declared.key.place.clone();
    Link {
        from: end(template.names.expr(balancer), &[NodeKind::Other], balancer),
        to: end(template.names.expr(function), &[NodeKind::Function], function),
        kind: FlowKind::Invoke,
        mode: Mode::Sync,
        certainty: Certainty::Declared,
        label: None,
        condition: template.resource_condition(declared),
        evidence,
    }
}
