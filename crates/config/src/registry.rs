//! The formats that are read, alphabetical.

use facts::ConfigFrontend;

/// Every configuration front end.
pub static FRONTENDS: &[&dyn ConfigFrontend] =
    &[&crate::template::CloudFormation, &crate::scripts::Scripts, &crate::settings::Settings];
