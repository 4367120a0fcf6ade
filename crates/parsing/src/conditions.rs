//! What is compiled only for tests.

use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// Whether something with these attributes is never a part of the program: it needs `cfg(test)`, or is a test itself.
pub fn only_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let last = path.segments.last().map(|segment| segment.ident.to_string());
        match last.as_deref() {
            Some("cfg") if path.segments.len() == 1 => {
                attribute.parse_args::<Meta>().is_ok_and(|meta| holds(&meta) == Some(false))
            }
            // `#[test]`, `#[tokio::test]`, `#[bench]`.
            Some("test" | "bench") => true,
            _ => false,
        }
    })
}

/// Whether a condition holds in the program; nothing where that depends on how it is built.
fn holds(condition: &Meta) -> Option<bool> {
    let word = condition.path().get_ident()?.to_string();
    match condition {
        Meta::Path(_) if word == "test" => Some(false),
        Meta::List(list) => {
            let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
            let mut inner = inner.iter().map(holds);
            match word.as_str() {
                "not" => inner.next()?.map(|holds| !holds),
                "all" => decided(inner, false),
                "any" => decided(inner, true),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What a list of conditions comes to when one that is `decisive` decides for all.
fn decided(conditions: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut result = Some(!decisive);
    for condition in conditions {
        match condition {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(attribute: &str, expected: bool) {
        let item: syn::ItemFn = syn::parse_str(&format!("{attribute} fn f() {{}}")).unwrap();
        assert_eq!(only_for_tests(&item.attrs), expected, "{attribute}");
    }

    #[test]
    fn only_what_cannot_be_in_the_program_is_for_tests() {
        check("#[cfg(test)]", true);
        check("#[cfg(all(test, unix))]", true);
        check("#[cfg(all(unix, any(test)))]", true);
        check("#[test]", true);
        check("#[tokio::test(flavor = \"multi_thread\")]", true);
        check("#[cfg(not(test))]", false);
        check("#[cfg(any(test, feature = \"mock\"))]", false);
        check("#[cfg(unix)]", false);
        check("#[cfg(feature = \"test\")]", false);
    }
}
