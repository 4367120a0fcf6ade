//! Servers: the host in what a client was given — an address, a list of hosts, a map of options, a pool, an engine.

use crate::heap::Object;
use crate::machine::Machine;
use crate::text;
use crate::value::{Abs, Args, Handle};
use facts::Expr;

/// Things inside one another that are looked at for an address.
const MAX_DEPTH: u32 = 8;

impl Machine<'_> {
    /// The hosts of the servers that a value leads to, without repeats. None for a server that is no part of the
    /// system: on the machine itself, in a file, in memory.
    pub(crate) fn servers(&mut self, value: &Abs) -> Vec<Expr> {
        let mut out = Vec::new();
        let known = self.collect_servers(value, 0, &mut out);
        if !known {
            out.push(Expr::unknown("the client is not told which server it is for"));
        }
        out
    }

    /// Whether the value says which server is meant.
    fn collect_servers(&mut self, value: &Abs, depth: u32, out: &mut Vec<Expr>) -> bool {
        if depth > MAX_DEPTH || self.exhausted() {
            return false;
        }
        match value {
            Abs::OneOf(all) => {
                // One of them it is, and which one is not known.
                let (mut known, mut either) = (false, Vec::new());
                for one in all.iter().filter(|v| **v != Abs::Null) {
                    known |= self.collect_servers(one, depth + 1, &mut either);
                }
                if !either.is_empty() {
                    let one = Expr::one_of(either);
                    if !out.contains(&one) {
                        out.push(one);
                    }
                }
                known
            }
            Abs::Text(address) => {
                let host = host_of(address);
                if !self.is_local(address, &host) && !out.contains(&host) {
                    out.push(host);
                }
                true
            }
            Abs::Handle(_) => self.first_field(value, depth, out),
            Abs::Object(id) => {
                // `os.environ["BROKERS"].split(",")`
                if let Object::Pieces { of, .. } = self.heap.get(*id) {
                    let whole = Abs::Text(of.clone());
                    return self.collect_servers(&whole, depth + 1, out);
                }
                if let Some((items, more)) = self.heap.list_of(value) {
                    // The nodes of one cluster.
                    let first = items.first().or(more).cloned();
                    return first.is_some_and(|first| self.collect_servers(&first, depth + 1, out));
                }
                if self.heap.map_of(value).is_some() {
                    return self.first_field(value, depth, out);
                }
                let handle = self.declared_handle(value);
                handle.is_some_and(|handle| self.collect_servers(&Abs::Handle(handle), depth + 1, out))
            }
            Abs::Class { .. } => {
                let handle = self.declared_handle(value);
                handle.is_some_and(|handle| self.collect_servers(&Abs::Handle(handle), depth + 1, out))
            }
            // What makes the connection.
            Abs::Function { .. } | Abs::Bound(_) | Abs::Partial(_) => {
                let made = self.call(value, Args::default());
                !matches!(made, Abs::Function { .. }) && self.collect_servers(&made, depth + 1, out)
            }
            Abs::Unknown(_) => {
                out.push(text::expression(value));
                true
            }
            _ => false,
        }
    }

    fn first_field(&mut self, value: &Abs, depth: u32, out: &mut Vec<Expr>) -> bool {
        let fields = &self.library.servers().fields;
        for name in fields {
            let found = match value {
                Abs::Handle(handle) => {
                    let kept = self.kept.get(value).and_then(|kept| kept.get(name.as_str()));
                    kept.or_else(|| handle.fields.get(name.as_str())).cloned()
                }
                _ => self.heap.map_of(value).and_then(|(entries, _)| {
                    entries.iter().find(|(key, _)| key.as_literal() == Some(name)).map(|(_, v)| v.clone())
                }),
            };
            if let Some(found) = found.filter(|found| *found != Abs::Null)
                && self.collect_servers(&found, depth + 1, out)
            {
                return true;
            }
        }
        // Options that come from where nothing is known of them may say it.
        let more = self.heap.map_of(value).and_then(|(_, more)| more.cloned());
        more.is_some_and(|more| self.collect_servers(&more, depth + 1, out))
    }

    fn is_local(&self, address: &Expr, host: &Expr) -> bool {
        let servers = self.library.servers();
        let first = match address {
            Expr::Concat(all) => all.first(),
            one => Some(one),
        };
        let start = first.and_then(Expr::as_literal).unwrap_or_default();
        let scheme = start.split(':').next().unwrap_or_default().split('+').next().unwrap_or_default();
        start.contains(':') && servers.local_schemes.iter().any(|known| known == scheme)
            // A path is that of a socket.
            || host.as_literal().is_some_and(|host| host.starts_with('/') || servers.local_hosts.iter().any(|known| known == host))
    }
}

/// Whether a client is for a stand-in of its service on the machine itself.
pub(crate) fn is_on_own_machine(client: &Handle) -> bool {
    let Some(Abs::Text(endpoint)) = client.fields.get("endpoint") else { return false };
    host_of(endpoint).as_literal().is_some_and(catalog::is_own_host)
}

/// The host in an address: what stands between `://`, or the `@` after it, and the next `/`, without the port. An
/// address without scheme is a host with perhaps a port.
fn host_of(address: &Expr) -> Expr {
    if let Some(host) = host_by_key(address) {
        return host;
    }
    let pieces = match address {
        Expr::Concat(all) => all.as_slice(),
        Expr::OneOf(all) => return Expr::one_of(all.iter().map(host_of)),
        one => std::slice::from_ref(one),
    };
    // Hosts are near the beginning; a text of thousands of pieces is no address.
    let pieces = &pieces[..pieces.len().min(64)];
    let mut out: Vec<Expr> = Vec::new();
    let mut port = false;
    for (i, piece) in pieces.iter().enumerate() {
        let Some(text) = piece.as_literal() else {
            if !port {
                out.push(piece.clone());
            }
            continue;
        };
        let mut text = text;
        if let Some(after) = text.strip_prefix("//").filter(|_| i == 0) {
            text = after;
        }
        if let Some((_, after)) = text.split_once("://").filter(|_| i == 0 || out.len() == 1) {
            text = after;
            out.clear();
        }
        let end = text.find(['/', '?', '#']).unwrap_or(text.len());
        let (inside, ended) = (&text[..end], end < text.len());
        // What stands before an `@` are a user and a password.
        let inside = match inside.rsplit_once('@') {
            Some((_, host)) => {
                out.clear();
                port = false;
                host
            }
            None => inside,
        };
        let (host, rest) = inside.split_once(':').unwrap_or((inside, ""));
        if !port {
            out.push(Expr::literal(host));
        }
        port |= inside.contains(':') || !rest.is_empty();
        // Credentials hold a colon: only what follows tells whether it was the host's.
        let more = pieces[i + 1..].iter().filter_map(Expr::as_literal).any(|later| before_path(later).contains('@'));
        if more {
            continue;
        }
        if ended {
            break;
        }
    }
    Expr::concat(out)
}

/// The host in a text of keys and values: `host=a port=1` of libpq, `SERVER=a,1433;DATABASE=b` of ODBC,
/// `(ADDRESS=(PROTOCOL=TCP)(HOST=a))` of Oracle. Unknown where the text has keys and none that names a host.
fn host_by_key(address: &Expr) -> Option<Expr> {
    let pieces = match address {
        Expr::Concat(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let pieces = &pieces[..pieces.len().min(64)];
    // What has a scheme is an address, whatever it asks for.
    if pieces.iter().filter_map(Expr::as_literal).any(|text| text.contains("://")) {
        return None;
    }
    let literals = || pieces.iter().enumerate().filter_map(|(i, piece)| Some((i, piece.as_literal()?)));
    let Some((at, start)) = literals().find_map(|(i, text)| Some((i, after_key(text, HOST_KEYS)?))) else {
        let keyed = literals().any(|(_, text)| after_key(text, OTHER_KEYS).is_some());
        return keyed.then(|| Expr::unknown("the text names no host: the client's own settings do"));
    };
    let mut out = Vec::new();
    for (i, piece) in pieces.iter().enumerate().skip(at) {
        let Some(text) = piece.as_literal() else {
            out.push(piece.clone());
            continue;
        };
        let text = if i == at { &text[start..] } else { text };
        let text = if out.is_empty() { text.trim_start_matches(['\'', '"']).trim_start_matches("tcp:") } else { text };
        // `(local)` is a host by itself.
        let own = if text.starts_with('(') { text.find(')').map_or(0, |i| i + 1) } else { 0 };
        let ends = |c: char| c.is_whitespace() || matches!(c, ';' | ',' | ':' | '\'' | '"' | ')' | '\\');
        let end = text[own..].find(ends).map(|i| own + i);
        out.push(Expr::literal(&text[..end.unwrap_or(text.len())]));
        if end.is_some() {
            break;
        }
    }
    Some(Expr::concat(out))
}

/// Keys whose value is the host, in the notations of libpq, ODBC, ADO and Oracle.
const HOST_KEYS: &[&str] = &["host", "hostaddr", "server", "address", "addr", "data source", "hostname"];

/// Further keys, by which a text is told from a host.
const OTHER_KEYS: &[&str] =
    &["dbname", "database", "dsn", "user", "uid", "password", "pwd", "service", "driver", "sslmode"];

/// Where the value of one of these keys begins.
fn after_key(text: &str, keys: &[&str]) -> Option<usize> {
    let mut from = 0;
    while let Some(equals) = text[from..].find('=').map(|i| from + i) {
        let key = text[from..equals].trim_end();
        let key = key.rsplit([';', '\n', '(']).next().unwrap_or(key).trim_start();
        let last = key.rsplit(char::is_whitespace).next().unwrap_or(key);
        let rest = &text[equals + 1..];
        let value = rest.trim_start();
        // `(ADDRESS=(HOST=a))`: the key of a list, and not of a value.
        let nested = value.starts_with('(') && value.find('=') < value.find(')');
        let named = keys.iter().any(|known| key.eq_ignore_ascii_case(known) || last.eq_ignore_ascii_case(known));
        if named && !nested {
            return Some(equals + 1 + rest.len() - value.len());
        }
        from = equals + 1;
    }
    None
}

/// The beginning of a text up to the end of a host.
fn before_path(text: &str) -> &str {
    &text[..text.find(['/', '?', '#']).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&str], expected: &str) {
        let all = pieces.iter().map(|p| match p.strip_prefix('$') {
            Some(name) => Expr::Env(name.into()),
            None => Expr::literal(*p),
        });
        assert_eq!(host_of(&Expr::concat(all)).to_string(), expected, "{pieces:?}");
    }

    #[test]
    fn hosts_are_cut_out_of_addresses() {
        check(&["db.example.com"], "db.example.com");
        check(&["db.example.com:5432"], "db.example.com");
        check(&["https://db.example.com:443/x"], "db.example.com");
        check(&["mysql+pymysql://a:b@db.example.com/shop?charset=utf8"], "db.example.com");
        check(&["sqlite:///x.db"], "");
        check(&["host=db.example.com port=5432 user=a"], "db.example.com");
        check(&["dbname=shop host='", "$HOST", "' user=a"], "${env:HOST}");
        check(&["DRIVER={x};Server = tcp:", "$HOST", ",1433;UID=a"], "${env:HOST}");
        check(&["https://a.example.com/?host=b"], "a.example.com");
        check(&["//db.example.com:1521/shop"], "db.example.com");
        check(&["(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=", "$HOST", ")(PORT=1521)))"], "${env:HOST}");
        check(&["SERVER=db.example.com\\SHOP;DATABASE=a"], "db.example.com");
        check(&["Server=(local);Database=a"], "(local)");
        check(&["Data Source=.;Initial Catalog=a"], ".");
        check(&["host=/var/run/postgresql dbname=a"], "/var/run/postgresql");
    }

    #[test]
    fn a_text_of_keys_without_a_host_names_none() {
        let none = "${unknown: the text names no host: the client's own settings do}";
        check(&["dbname=shop user=app"], none);
        check(&["DSN=Shop;UID=a;PWD=", "$PASSWORD"], none);
        check(&["(DESCRIPTION=(ADDRESS=(PROTOCOL=BEQ))(CONNECT_DATA=(SERVICE=a)))"], none);
    }

    #[test]
    fn hosts_that_only_deployment_knows_are_kept() {
        check(&["$HOST"], "${env:HOST}");
        check(&["$HOST", ":6379"], "${env:HOST}");
        check(&["redis://", "$HOST", ":6379/0"], "${env:HOST}");
        check(&["https://", "$HOST", "/index/_doc"], "${env:HOST}");
        check(&["mysql://", "$USER", ":", "$PASSWORD", "@", "$HOST", ":", "$PORT", "/", "$NAME"], "${env:HOST}");
        check(&["$SCHEME", "://", "$USER", ":", "$PASSWORD", "@", "$HOST", "/", "$NAME"], "${env:HOST}");
        check(&["mysql://admin:", "$PASSWORD", "@shop.", "$DOMAIN", ":3306/x"], "shop.${env:DOMAIN}");
    }
}
