//! What policies allow: flows that are granted, not known to happen.

use crate::links::walk;
use crate::template::{Declared, Template, end, evidence};
use crate::tree::Tree;
use facts::{Certainty, Declarations, End, Expr, FlowKind, Link, Mode};

/// Grants of a SAM function's `Policies`.
pub(crate) fn of_function(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    for policy in declared.property(&["Policies"]).map(Tree::one_or_many).unwrap_or_default() {
        for statement in walk(policy, "Statement[]") {
            granted_statement(template, declared, statement, out);
        }
        // A policy template: one entry, whose parameters name the resource.
        if let Some((name, parameters)) = policy.single().filter(|(n, _)| n.ends_with("Policy")) {
            for (_, value) in parameters.entries() {
                for kind in kinds_of_policy(name) {
                    grant(template, declared, value, *kind, name, out);
                }
            }
        }
    }
}

/// Grants of the role that a function names, where the template declares it.
pub(crate) fn of_role(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let role = declared.property(&["Role"]).and_then(Tree::referenced);
    let Some(role) = role.and_then(|id| template.resources.get(id)).filter(|r| r.type_name == "AWS::IAM::Role") else {
        return;
    };
    let own = role.properties().map(|p| walk(p, "Policies[].PolicyDocument.Statement[]")).unwrap_or_default();
    // Policies that stand by themselves name the roles that they are for.
    let attached = template.resources.values().filter(|r| {
        let kinds = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"];
        let roles = r.property(&["Roles"]).or_else(|| r.property(&["RoleName"]));
        let roles = roles.map(Tree::one_or_many).unwrap_or_default();
        kinds.contains(&r.type_name) && roles.iter().any(|r| r.referenced() == Some(role.id))
    });
    let attached = attached.filter_map(Declared::properties).flat_map(|p| walk(p, "PolicyDocument.Statement[]"));
    for statement in own.into_iter().chain(attached) {
        granted_statement(template, declared, statement, out);
    }
}

fn granted_statement(template: &Template<'_>, declared: &Declared<'_>, statement: &Tree, out: &mut Declarations) {
    if statement.get("Effect").and_then(Tree::text) == Some("Deny") {
        return;
    }
    let actions: Vec<&str> = walk(statement, "Action[]").into_iter().filter_map(Tree::text).collect();
    for resource in walk(statement, "Resource[]") {
        for action in &actions {
            for kind in kinds_of_action(action) {
                grant(template, declared, resource, kind, action, out);
            }
        }
    }
}

/// `dynamodb:PutItem` is the flow that the operation makes, `dynamodb:*` those of all its like; in whatever case.
fn kinds_of_action(action: &str) -> Vec<FlowKind> {
    let Some((service, name)) = action.split_once(':') else { return Vec::new() };
    let service = service.to_ascii_lowercase();
    let service = if service == "states" { "stepfunctions" } else { &service };
    if name.contains(['*', '?']) {
        return catalog::kinds_of_operations(service, name);
    }
    catalog::operation(service, name).and_then(|o| o.flows.first().map(|f| f.kind)).into_iter().collect()
}

fn kinds_of_policy(name: &str) -> &'static [FlowKind] {
    match name {
        n if n.contains("Crud") || n.contains("FullAccess") => &[FlowKind::Read, FlowKind::Write],
        n if n.contains("Read") || n.contains("Poller") || n.contains("Get") => &[FlowKind::Read],
        n if n.contains("Send") || n.contains("Publish") || n.contains("PutEvents") => &[FlowKind::Publish],
        n if n.contains("Invoke") || n.contains("Execution") => &[FlowKind::Invoke],
        n if n.contains("Write") => &[FlowKind::Write],
        _ => &[FlowKind::Use],
    }
}

/// The ARN of a secret without the wildcard for the six characters that nobody chooses: `…:secret:orders-*`.
fn without_random_end(resource: Expr) -> Expr {
    let pieces = match &resource {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let is_secret = pieces.iter().filter_map(Expr::as_literal).any(|text| text.contains(":secret:"));
    let last = pieces.last().and_then(Expr::as_literal).filter(|_| is_secret);
    let Some(start) = last.and_then(|last| ["-*", "-??????"].into_iter().find_map(|end| last.strip_suffix(end))) else {
        return resource;
    };
    let before = pieces[..pieces.len() - 1].iter().cloned();
    Expr::concat(before.chain([Expr::literal(start)]))
}

fn grant(
    template: &Template<'_>,
    declared: &Declared<'_>,
    resource: &Tree,
    kind: FlowKind,
    what: &str,
    out: &mut Declarations,
) {
    let from = template.own_end(declared.id, declared.tree);
    let to = end(without_random_end(template.names.expr(resource)), &[], resource);
    out.links.push(granted(template, declared, from, to, kind, what, resource));
}

fn granted(
    template: &Template<'_>,
    declared: &Declared<'_>,
    from: End,
    to: End,
    kind: FlowKind,
    what: &str,
    tree: &Tree,
) -> Link {
    Link {
        from,
        to,
        kind,
        mode: Mode::Sync,
        certainty: Certainty::Granted,
        label: Some(what.into()),
        condition: template.resource_condition(declared),
        filter: None,
        event: None,
        evidence: evidence(tree, format!("{} may {what}", declared.id)),
    }
}

/// A connector says who may do what with whom.
pub(crate) fn connector(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let end = |tree: &Tree| tree.get("Id").and_then(Tree::text).map(|id| template.own_end(id, tree));
    let Some(from) = declared.property(&["Source"]).and_then(end) else { return };
    for destination in declared.property(&["Destination"]).map(Tree::one_or_many).unwrap_or_default() {
        let Some(to) = end(destination) else { continue };
        for permission in declared.property(&["Permissions"]).map(Tree::one_or_many).unwrap_or_default() {
            let kind = if permission.text() == Some("Write") { FlowKind::Write } else { FlowKind::Read };
            out.links.push(granted(template, declared, from.clone(), to.clone(), kind, "connector", destination));
        }
    }
}
