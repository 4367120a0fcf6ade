//! What is known of clouds and libraries, as data: tables in `data/`, read once, asked through functions.
//!
//! In go names from templates and code; out comes what they mean in the vocabulary. It knows no parsing.
//! Where the tables come from and how they are made: `data/SOURCES.md`, `cargo xtask catalog`.

mod address;
mod chalice;
mod command;
mod event;
mod flows;
mod graphql;
mod library;
mod links;
mod machine;
mod models;
mod module;
mod names;
mod operation;
mod package;
mod plugin;
mod product;
mod request;
mod resource;
mod service;
mod sql;
mod table;
mod task;
mod vendor;
mod words;
mod wrapper;

pub use address::{HOLE, address, service_at};
pub use chalice::{Decorated, chalice_decorator};
pub use command::{Starts, command};
pub use event::{event_source, names_sender_to_bus, sender_to_bus};
pub use flows::is_lone;
pub use graphql::{DataSource, RequestForm, data_source, data_sources};
pub use library::{Action, Argument, BaseClass, CallFlow, HandleClass, Library, ResultRule, Rule, Servers, library};
pub use links::{LinkRule, link_rules};
pub use machine::{is_own_host, is_own_input, is_own_variable, only_of_developers};
pub use models::{Identifier, MemberKind, ResourceAction, ResourceModel, Source, client_method, resource_model};
pub use module::is_of_others;
pub use operation::{ArgumentPath, Operation, OperationFlow, Step, kinds_of_operations, operation};
pub use package::is_library_copy;
pub use plugin::{Plugin, serverless_plugin};
pub use product::product_of_host;
pub use request::request_kind;
pub use resource::{ResourceType, is_cdk_helper, resource_type, second_name};
pub use service::{
    Service, category_color, icon_of_kind, service, service_of_host, service_of_kind, services, whole_service,
};
pub use sql::statement_kind;
pub use task::{scheduled_operation, task_operation};
pub use words::{is_no_name, kind_words};
pub use wrapper::wrapped_handler;
