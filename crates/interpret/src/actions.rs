//! The built-in ways to make a value that the library tables can name.

use crate::calls::Site;
use crate::heap::Object;
use crate::libraries::handle;
use crate::machine::Machine;
use crate::predicates::Edge;
use crate::text;
use crate::value::{Abs, Args};
use catalog::Action;
use facts::{DataFormat, Expr};

impl Machine<'_> {
    /// Does an action. `values` are the arguments that the rule names, in its order.
    pub(crate) fn act(
        &mut self,
        site: Site<'_>,
        action: Action,
        receiver: &Abs,
        values: &[Option<Abs>],
        args: &Args,
    ) -> Abs {
        let first = values.first().cloned().flatten();
        let given = |what: &Option<Abs>| what.clone().unwrap_or_else(|| Abs::unknown("an argument is not given"));
        match action {
            Action::Same => given(&first),
            Action::Text => text::shown(&given(&first)),
            Action::OrElse => self.or_else(site, receiver, &given(&first)),
            Action::Apply => self.applied(site, receiver, &given(&first)),
            Action::ApplyFlat => {
                let made = self.applied(site, receiver, &given(&first));
                self.flat(&made)
            }
            Action::Sequence => self.sequence(receiver),
            Action::Construct => self.built(receiver, &given(&first), args),
            Action::Given => self.heap.list(args.positional.clone()),
            Action::Tuple => {
                let all = values.iter().map(given).collect();
                self.heap.list(all)
            }
            Action::Chunks => {
                let several = self.sequence(receiver);
                self.heap.list(vec![several])
            }
            Action::Collected => self.collected(receiver, None),
            Action::Send => self.send(site, receiver),
            Action::Receiver => receiver.clone(),
            Action::Environment | Action::Setting => {
                let further = |at: usize| values.get(at).and_then(Option::as_ref);
                let set_later = self.kept.get(receiver).and_then(|kept| kept.get("prefix"));
                let prefix = set_later.or_else(|| further(2));
                self.environment(&given(&first), further(1), prefix, action == Action::Setting)
            }
            Action::Prefix => {
                let before = self.kept.get(receiver).and_then(|kept| kept.get("prefix")).cloned();
                let before = before.unwrap_or_else(|| Abs::text(""));
                let whole = text::concat(&[before.clone(), given(&first)]);
                self.keep(receiver, "prefix", whole);
                handle("settings.block", [("of", receiver.clone()), ("before", before)])
            }
            Action::EndPrefix => {
                if let [Some(of), Some(before)] = values {
                    self.keep(of, "prefix", before.clone());
                }
                Abs::Null
            }
            Action::EnvironmentItems => {
                // Each value stands for the variable of whatever name its map is asked for.
                let pair = self.heap.list(vec![Abs::unknown("it is the name of some variable"), given(&first)]);
                self.heap.add(Object::List { items: Vec::new(), more: Some(pair) })
            }
            Action::JoinPath => Self::join_path(&args.positional),
            Action::JoinAddress => match values {
                [Some(base), Some(reference)] => Self::join_address(base, reference),
                _ => given(&first),
            },
            Action::Concat => match args.positional.as_slice() {
                [list @ Abs::Object(_)] => self.join_text(&Abs::text(""), list),
                pieces => text::concat(pieces),
            },
            Action::Dotted => {
                let between = args.positional.iter().flat_map(|part| [Abs::text("."), part.clone()]).skip(1);
                text::concat(&between.collect::<Vec<_>>())
            }
            Action::Format => Self::format(receiver, args),
            Action::JoinText => self.join_text(receiver, &given(&first)),
            Action::Lower => self.change_text(receiver, str::to_lowercase),
            Action::Upper => self.change_text(receiver, str::to_uppercase),
            Action::Strip => {
                let cut = first.as_ref().and_then(Abs::as_text).map(str::to_owned);
                self.change_text(receiver, |t| match &cut {
                    Some(cut) => t.trim_matches(|c| cut.contains(c)).to_owned(),
                    None => t.trim().to_owned(),
                })
            }
            Action::StartsWith => self.has_at(receiver, &given(&first), Edge::Start),
            Action::EndsWith => self.has_at(receiver, &given(&first), Edge::End),
            Action::WithoutStart => Self::without(receiver, &given(&first), Edge::Start),
            Action::WithoutEnd => Self::without(receiver, &given(&first), Edge::End),
            Action::Replace => Self::replace(receiver, &given(&first), values.get(1).cloned().flatten()),
            Action::Split | Action::SplitBack => {
                let most = values.get(1).and_then(Option::as_ref);
                self.split(receiver, first.as_ref(), most, action == Action::SplitBack)
            }
            Action::Partition | Action::PartitionBack => {
                self.partition(receiver, &given(&first), action == Action::PartitionBack)
            }
            Action::Cut => Self::cut(values),
            Action::Get => self.get(receiver, &given(&first), values.get(1).cloned().flatten()),
            Action::Items | Action::Keys | Action::Values => self.map_view(receiver, action),
            Action::Append => {
                if let (Abs::Object(id), Some(value)) = (receiver, args.positional.last()) {
                    self.heap.append(*id, value.clone());
                }
                Abs::Null
            }
            Action::Extend => {
                if let (Abs::Object(id), Some(first)) = (receiver, first) {
                    let known = self.heap.list_of(&first).map(|(items, _)| items.to_vec());
                    for item in known.iter().flatten() {
                        self.heap.append(*id, item.clone());
                    }
                    if known.is_none() {
                        let element = self.element(&first);
                        self.heap.open(*id, element);
                    }
                }
                Abs::Null
            }
            Action::Update => {
                if let Abs::Object(id) = receiver {
                    if let Some(first) = first {
                        self.update_map(*id, &first);
                    }
                    for (name, value) in &args.named {
                        self.heap.set_entry(*id, &Abs::text(name.clone()), value.clone(), self.weak > 0);
                    }
                }
                Abs::Null
            }
            Action::SetDefault => {
                let (key, default) = (given(&first), values.get(1).cloned().flatten().unwrap_or(Abs::Null));
                if let Abs::Object(id) = receiver {
                    self.heap.set_entry(*id, &key, default, true);
                }
                self.index(receiver, &key)
            }
            Action::Element => self.element(first.as_ref().unwrap_or(receiver)),
            Action::Elements => {
                let element = self.element(&given(&first));
                self.heap.add(Object::List { items: Vec::new(), more: Some(element) })
            }
            Action::Copy => self.heap.copy(receiver),
            Action::List => match first {
                Some(first) => {
                    let first = self.iterated(site, &first);
                    if let Some((items, more)) = self.known_elements(&first) {
                        return self.heap.list_from(&[first], items, more);
                    }
                    let element = self.element(&first);
                    self.heap.add(Object::List { items: Vec::new(), more: Some(element) })
                }
                None => self.heap.list(Vec::new()),
            },
            Action::Map => self.new_map(first.as_ref(), args),
            Action::FillingMap => {
                let further = values.get(1).cloned().flatten();
                let map = self.new_map(further.as_ref(), &Args { positional: Vec::new(), ..args.clone() });
                if let (Abs::Object(id), Some(maker)) = (&map, first) {
                    self.makers.insert(*id, maker);
                }
                map
            }
            Action::Enumerate => self.enumerated(&given(&first)),
            Action::Filter => {
                let list = values.get(1).cloned().flatten();
                self.filtered(site, &given(&first), &given(&list))
            }
            Action::Zip => self.zipped(&args.positional),
            Action::Attribute => {
                let name = values.get(1).cloned().flatten().unwrap_or(Abs::Null);
                self.named_attribute(site.frame, &given(&first), &name)
            }
            Action::SetAttribute => {
                let (name, value) = (values.get(1).cloned().flatten(), values.get(2).cloned().flatten());
                let names: Vec<Abs> = name.iter().flat_map(|n| n.each().to_vec()).collect();
                let open = u32::from(names.len() > 1);
                self.weak += open;
                for name in names.iter().filter_map(Abs::as_text) {
                    self.set_attribute(&given(&first), &name.into(), &given(&value));
                }
                self.weak -= open;
                Abs::Null
            }
            Action::SetOption => {
                let (name, value) = (first, values.get(1).cloned().flatten());
                if let Some(name) = name.as_ref().and_then(Abs::as_text) {
                    self.set_attribute(receiver, &name.into(), &given(&value));
                }
                receiver.clone()
            }
            Action::EnvironmentDefault => {
                let default = values.get(1).and_then(Option::as_ref);
                self.environment_default(&given(&first), default)
            }
            Action::ListedRoutes | Action::RoutesOfSettings => {
                let names: Vec<&str> = values.iter().skip(1).flatten().filter_map(Abs::as_text).collect();
                let module = match action {
                    Action::RoutesOfSettings => self.environment(&given(&first), None, None, false),
                    _ => given(&first),
                };
                self.listed_routes(site.frame, module, &names)
            }
            Action::Module => self.module_by_name(site.frame, &given(&first), false),
            Action::ModuleMember => self.module_by_name(site.frame, &given(&first), true),
            Action::IsInstance => {
                let kinds = given(&values.get(1).cloned().flatten());
                self.is_instance(&given(&first), &kinds)
            }
            Action::TypeOf => match given(&first) {
                object @ Abs::Object(_) => {
                    let class = self.class_of_instance(&object);
                    class.unwrap_or_else(|| Abs::unknown("it is a type of the language"))
                }
                _ => Abs::unknown("it is a type of the language"),
            },
            Action::NewObject => match given(&first) {
                class @ Abs::Class { .. } => {
                    self.heap.add(Object::Instance { class, fields: std::collections::BTreeMap::new() })
                }
                _ => Abs::unknown("it is an object of the language"),
            },
            Action::Record => self.record(receiver, &given(&first), args),
            Action::Enter => self.entered(site.frame, &given(&first)),
            Action::Reduce => {
                let mut further = values.iter().skip(1).cloned();
                let list = further.next().flatten();
                self.reduce(site, &given(&first), &given(&list), further.next().flatten())
            }
            Action::Provider => Self::provider(args),
            Action::Provide => {
                let further = if matches!(receiver, Abs::Handle(_)) { args.clone() } else { Args::default() };
                self.provide(site, &given(&first), &further, 0)
            }
            Action::Partial => Self::partial(args),
            Action::Ssm => {
                let path: Vec<Abs> = values.iter().flatten().cloned().collect();
                Abs::Text(Expr::Ssm(Box::new(text::expression(&Self::join_path(&path)))))
            }
            Action::Secret => Abs::Text(Expr::Secret(Box::new(text::expression(&given(&first))))),
            Action::OwnFile => self.own_file(site.frame),
            Action::Folder => Self::folder(&given(&first)),
            Action::Below => Self::join_path(&[std::slice::from_ref(receiver), &args.positional].concat()),
            Action::Package => self.change_text(&given(&first), |package| package.replace('.', "/")),
            Action::Packaged => {
                let file = match values.get(1).cloned().flatten() {
                    Some(name) => {
                        let package = self.change_text(&given(&first), |package| package.replace('.', "/"));
                        Self::join_path(&[package, name])
                    }
                    None => given(&first),
                };
                let text = self.packaged(&file);
                text.map_or_else(|| Abs::unknown(format!("it is what `{}` gives", site.what)), Abs::text)
            }
            Action::Beside => {
                let text = self.beside(site.frame, &given(&first));
                text.map_or_else(|| Abs::unknown(format!("it is what `{}` gives", site.what)), Abs::text)
            }
            Action::Json | Action::Yaml | Action::Toml | Action::Ini => self.parsed(site, action, values),
            Action::Called => {
                let made = self.call_site(site, &given(&first), Args::default());
                if self.heap.list_of(&made).is_some() { self.element(&made) } else { made }
            }
            Action::Done => match given(&first) {
                function @ (Abs::Function { .. } | Abs::Bound(_) | Abs::Partial(_)) => {
                    let positional = values[1..].iter().map(given).collect();
                    self.call_site(site, &function, Args { positional, ..Args::default() })
                }
                done => done,
            },
            Action::Instance => self.instance_of(&given(&first)),
            Action::Instances => {
                let one = self.instance_of(&given(&first));
                let one = Abs::join(one.each().iter().filter(|v| **v != Abs::Null).cloned());
                self.heap.add(Object::List { items: Vec::new(), more: Some(one) })
            }
            Action::ServedVerb => match &self.verb {
                Some(verb) => Abs::text(verb.clone()),
                None => Abs::unknown("it is the method of a request"),
            },
            Action::Unknown => Abs::unknown(format!("it is what `{}` gives", site.what)),
        }
    }

    /// Calls a function with what it gave last and each element in turn.
    fn reduce(&mut self, site: Site<'_>, function: &Abs, list: &Abs, first: Option<Abs>) -> Abs {
        let (items, more) = match self.heap.list_of(list) {
            Some((items, more)) => (items.to_vec(), more.cloned()),
            None => (Vec::new(), Some(self.element(list))),
        };
        let mut items = items.into_iter().chain(more);
        let mut given = first.or_else(|| items.next()).unwrap_or(Abs::Null);
        for item in items {
            let args = Args { positional: vec![given, item], ..Args::default() };
            given = self.call_site(site, function, args);
        }
        given
    }

    /// What a text or a file holds. What a secret or a stored parameter holds is still known by it.
    fn parsed(&mut self, site: Site<'_>, action: Action, values: &[Option<Abs>]) -> Abs {
        let format = match action {
            Action::Json => DataFormat::Json,
            Action::Yaml => DataFormat::Yaml,
            Action::Toml => DataFormat::Toml,
            _ => DataFormat::Ini,
        };
        let unknown = || Abs::unknown(format!("it is what `{}` gives", site.what));
        match values.first().cloned().flatten() {
            Some(Abs::Text(kept @ (Expr::Secret(_) | Expr::Ssm(_)))) => Abs::Text(kept),
            // The event itself is no text, unless it was made one before.
            Some(Abs::Text(Expr::Input(event))) if !event.contains(['[', '.', '(']) => Abs::input(event),
            Some(source) => self.data(&source, format, &values[1..]).unwrap_or_else(unknown),
            None => unknown(),
        }
    }

    pub(crate) fn join_path(pieces: &[Abs]) -> Abs {
        let mut out: Vec<Abs> = Vec::new();
        for piece in pieces {
            if let Some(text) = piece.as_text() {
                let ends = out.last().and_then(Abs::as_text).is_some_and(|l| l.ends_with('/'));
                if !out.is_empty() && !ends && !text.starts_with('/') {
                    out.push(Abs::text("/"));
                }
            } else if !out.is_empty() {
                let ends = out.last().and_then(Abs::as_text).is_some_and(|l| l.ends_with('/'));
                if !ends {
                    out.push(Abs::text("/"));
                }
            }
            out.push(piece.clone());
        }
        text::concat(&out)
    }

    fn format(receiver: &Abs, args: &Args) -> Abs {
        let all: Vec<Abs> = receiver.each().to_vec();
        let positional: Vec<Expr> = args.positional.iter().map(text::expression).collect();
        let named: Vec<(String, Expr)> = args.named.iter().map(|(n, a)| (n.to_string(), text::expression(a))).collect();
        Abs::join(all.iter().map(|one| match one.as_text() {
            Some(format) => Abs::Text(text::brace_format(format, &positional, &named)),
            None => Abs::unknown("the format is not known"),
        }))
    }

    fn join_text(&mut self, receiver: &Abs, list: &Abs) -> Abs {
        let Some((items, None)) = self.heap.list_of(list) else {
            return Abs::unknown("it is joined from a list that is not known");
        };
        let items = items.to_vec();
        let mut pieces = Vec::new();
        for (i, item) in items.into_iter().enumerate() {
            if i > 0 {
                pieces.push(receiver.clone());
            }
            pieces.push(item);
        }
        text::concat(&pieces)
    }

    #[expect(clippy::unused_self, reason = "reads like the other actions")]
    fn change_text(&self, receiver: &Abs, change: impl Fn(&str) -> String) -> Abs {
        fn each(e: &Expr, change: &impl Fn(&str) -> String) -> Expr {
            match e {
                Expr::Literal(text) => Expr::literal(change(text)),
                Expr::Concat(all) => Expr::concat(all.iter().map(|e| each(e, change))),
                Expr::OneOf(all) => Expr::one_of(all.iter().map(|e| each(e, change))),
                other => other.clone(),
            }
        }
        match receiver {
            Abs::Text(e) => Abs::Text(each(e, &change)),
            other => other.clone(),
        }
    }

    fn get(&mut self, receiver: &Abs, key: &Abs, default: Option<Abs>) -> Abs {
        let Abs::Object(_) = receiver else { return self.index(receiver, key) };
        let key = &self.as_key(key);
        let known = match (self.heap.map_of(receiver), key) {
            (Some((entries, more)), Abs::Text(key @ Expr::Literal(_))) => {
                let found = entries.iter().any(|(k, _)| k == key);
                if let Some(more) = more.filter(|more| !found && self.is_environment(more)).cloned() {
                    let Abs::Symbol(path) = more else { return Abs::Null };
                    return self.subscript(&path, &Abs::Text(key.clone()), default);
                }
                found || more.is_some()
            }
            _ => true,
        };
        if !known {
            return default.unwrap_or(Abs::Null);
        }
        let found = self.index(receiver, key);
        match default {
            Some(default) if !matches!(key, Abs::Text(Expr::Literal(_))) => self.or_default(&found, default),
            _ => found,
        }
    }

    fn map_view(&mut self, receiver: &Abs, view: Action) -> Abs {
        let Some((entries, more)) = self.heap.map_of(receiver) else {
            return Abs::unknown("it is of a map that is not known");
        };
        let (entries, more) = (entries.to_vec(), more.cloned());
        let unknown_key = Abs::unknown("it is some key of a map");
        let mut items = Vec::new();
        for (key, value) in entries {
            let key = self.of_key(&key);
            items.push(match view {
                Action::Keys => key,
                Action::Values => value,
                _ => self.heap.list(vec![key, value]),
            });
        }
        let more = more.map(|value| match view {
            Action::Keys => unknown_key,
            Action::Values => value,
            _ => self.heap.list(vec![unknown_key, value]),
        });
        self.heap.list_from(std::slice::from_ref(receiver), items, more)
    }

    fn new_map(&mut self, first: Option<&Abs>, args: &Args) -> Abs {
        let map = self.heap.add(Object::Map { entries: Vec::new(), more: args.more_named.clone() });
        if let Abs::Object(id) = map {
            if let Some(first) = first {
                self.update_map(id, first);
            }
            for (name, value) in &args.named {
                self.heap.set_entry(id, &Abs::text(name.clone()), value.clone(), false);
            }
        }
        map
    }
}
