//! The machine that the code runs on: at which hosts it finds itself, and what tells a developer's machine from a
//! deployment. From `data/machine.tsv`.

use crate::table::rows;

/// Whether a host is the machine that asks, or what the platform runs beside it.
pub fn is_own_host(host: &str) -> bool {
    listed("host", |word| word == host) || listed("hosts", |word| host.starts_with(word))
}

/// Whether the platform sets an environment variable of this name to an address on the own machine.
pub fn is_own_variable(name: &str) -> bool {
    listed("address", |word| word == name)
}

/// Whether the platform hands a function an address of its own there, to answer at: what deploys a custom resource
/// waits at `event["ResponseURL"]`.
pub fn is_own_input(way: &str) -> bool {
    listed("input", |word| word == way)
}

/// Whether an environment variable of this name is set only by the tools with which developers run code themselves:
/// a deployment that does not say otherwise has none.
pub fn only_of_developers(name: &str) -> bool {
    listed("developer", |word| word == name)
}

fn listed(what: &str, fits: impl Fn(&str) -> bool) -> bool {
    rows::<2>(include_str!("../data/machine.tsv")).any(|[kind, word]| kind == what && fits(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_variables() {
        assert!(is_own_host("localhost") && is_own_host("127.0.0.1") && is_own_host("169.254.169.254"));
        assert!(!is_own_host("localhost.example.com") && !is_own_host(""));
        assert!(is_own_variable("AWS_LAMBDA_RUNTIME_API") && !is_own_variable("API_URL"));
        assert!(is_own_input("event[\"ResponseURL\"]") && !is_own_input("event[\"url\"]"));
        assert!(only_of_developers("IS_OFFLINE") && !only_of_developers("STAGE"));
    }
}
