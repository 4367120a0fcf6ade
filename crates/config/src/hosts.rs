//! How things are reached: APIs at host names of one's own, databases by the secret that says where they are.

use crate::template::{Declared, Template};
use crate::tree::Tree;
use facts::{Attached, Declarations, Expr, Host};

/// Adds the secret that is attached to a database.
pub(crate) fn secret_of(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let value = |name: &str| declared.property(&[name]).map(|tree| template.names.expr(tree));
    if let (Some(secret), Some(to)) = (value("SecretId"), value("TargetId")) {
        out.attached.push(Attached { secret, to, place: declared.key.place.clone() });
    }
}

/// Adds the host names that a resource gives to an API: mappings of domains, SAM's `Domain`, aliases of a distribution.
pub(crate) fn of(template: &Template<'_>, declared: &Declared<'_>, out: &mut Declarations) {
    let own = || template.at(declared.id).expr();
    let value = |way: &[&str]| declared.property(way).map(|tree| template.names.expr(tree));
    let mut add = |name: Expr, base: Option<Expr>, to: Expr| {
        out.hosts.push(Host { name, base, to, place: declared.key.place.clone() });
    };
    let (domain, bases, to) = match declared.type_name {
        "AWS::ApiGateway::BasePathMapping" => {
            (declared.property(&["DomainName"]), vec![value(&["BasePath"])], value(&["RestApiId"]))
        }
        "AWS::ApiGatewayV2::ApiMapping" => {
            (declared.property(&["DomainName"]), vec![value(&["ApiMappingKey"])], value(&["ApiId"]))
        }
        "AWS::Serverless::Api" | "AWS::Serverless::HttpApi" => {
            let bases = declared.property(&["Domain", "BasePath"]).map(Tree::one_or_many).unwrap_or_default();
            let bases: Vec<_> = bases.into_iter().map(|tree| Some(template.names.expr(tree))).collect();
            let bases = if bases.is_empty() { vec![None] } else { bases };
            (declared.property(&["Domain", "DomainName"]), bases, Some(own()))
        }
        "AWS::CloudFront::Distribution" => {
            for alias in declared.property(&["DistributionConfig", "Aliases"]).map(Tree::items).unwrap_or_default() {
                add(template.names.expr(alias), None, own());
            }
            return;
        }
        _ => return,
    };
    let (Some(domain), Some(to)) = (domain, to) else { return };
    // A mapping names the resource of the domain, which has the host name.
    let id = domain.single().and_then(|(function, name)| if function == "Ref" { name.text() } else { None });
    let resource = id.and_then(|id| template.resources.get(id));
    let name = resource.and_then(|r| r.property(&["DomainName"])).unwrap_or(domain);
    for base in bases {
        add(template.names.expr(name), base, to.clone());
    }
}
