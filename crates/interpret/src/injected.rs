//! Providers of dependency injection: what they make when they are asked, from what other providers make.

use crate::calls::Site;
use crate::libraries::handle;
use crate::machine::Machine;
use crate::value::{Abs, Args, Handle};
use std::rc::Rc;

/// The class of handles that make a value when they are called.
const PROVIDER: &str = "injected.provider";

/// Providers inside one another that are followed.
const MAX_DEPTH: u32 = 16;

impl Machine<'_> {
    /// A provider that calls the first argument with the others.
    pub(crate) fn provider(args: &Args) -> Abs {
        handle(PROVIDER, [("made", Self::partial(args))])
    }

    /// What a provider makes, with the arguments that it is called with after its own.
    pub(crate) fn provide(&mut self, site: Site<'_>, provider: &Abs, further: &Args, depth: u32) -> Abs {
        let Some(made) = made_by(provider).filter(|_| depth < MAX_DEPTH) else { return provider.clone() };
        let Abs::Partial(both) = made else { return made };
        let (callee, own) = (*both).clone();
        let mut given = |value: &Abs| match value {
            Abs::Handle(_) => self.provide(site, value, &Args::default(), depth + 1),
            other => other.clone(),
        };
        let mut args = Args {
            positional: own.positional.iter().map(&mut given).collect(),
            named: own.named.iter().map(|(name, value)| (name.clone(), given(value))).collect(),
            ..own
        };
        args.positional.extend(further.positional.iter().cloned());
        args.named.extend(further.named.iter().cloned());
        self.call_site(site, &callee, args)
    }
}

fn made_by(value: &Abs) -> Option<Abs> {
    let Abs::Handle(handle) = value else { return None };
    let handle: &Rc<Handle> = handle;
    if &*handle.class == PROVIDER { handle.fields.get("made").cloned() } else { None }
}
