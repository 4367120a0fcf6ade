//! The formats that are read, alphabetical.

use facts::ConfigFrontend;

/// Every configuration front end.
pub static FRONTENDS: &[&dyn ConfigFrontend] = &[
    &crate::amplify::Amplify,
    &crate::cdk::App,
    &crate::template::CloudFormation,
    &crate::routines::Routines,
    &crate::scripts::Scripts,
    &crate::serverless::Serverless,
    &crate::settings::Settings,
];
