//! The SDK's resource models: `boto3.resource("dynamodb").Table(name).put_item(…)`.

use crate::calls::Site;
use crate::machine::Machine;
use crate::value::{Abs, Args, Handle};
use std::rc::Rc;
use std::sync::Arc;

impl Machine<'_> {
    /// Calls a method of a resource of the SDK.
    pub(crate) fn call_modelled(
        &mut self,
        _site: Site<'_>,
        _handle: &Rc<Handle>,
        _name: &Arc<str>,
        _args: &Args,
    ) -> Option<Abs> {
        None
    }

    /// An attribute of a resource of the SDK.
    pub(crate) fn modelled_attribute(&mut self, _handle: &Rc<Handle>, _name: &Arc<str>) -> Option<Abs> {
        None
    }
}
