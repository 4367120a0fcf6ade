//! The closed vocabularies that every other crate shares: what a node, a part and a flow can be.
//!
//! The facts of the front ends, the catalog's tables and the model all speak of "a queue" or "a publish";
//! keeping the words in a leaf crate lets them do so without knowing one another. There is no behaviour
//! here beyond spelling a word, reading it back and saying what it means.

/// Declares a closed vocabulary: an enum whose variants have one spelling in JSON, tables and docs.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every word, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The spelling in JSON, tables and documents.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Reads a spelling back; `None` for a word outside the vocabulary.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// What a node of the model is. The last seven are parts: their parent is one of the others.
    NodeKind {
        /// A stack, template or Serverless service: a microservice or a group.
        Service = "service",
        /// A Lambda function.
        Function = "function",
        /// An ECS, Fargate or Batch workload.
        Container = "container",
        /// A Step Functions state machine.
        StateMachine = "state_machine",
        /// An API Gateway REST API.
        RestApi = "rest_api",
        /// An API Gateway HTTP API.
        HttpApi = "http_api",
        /// An API Gateway WebSocket API.
        WebsocketApi = "websocket_api",
        /// An AppSync API.
        GraphqlApi = "graphql_api",
        /// A DynamoDB table.
        Table = "table",
        /// A relational or document database server or cluster.
        Database = "database",
        /// An S3 bucket.
        Bucket = "bucket",
        /// An SQS queue.
        Queue = "queue",
        /// An SNS topic.
        Topic = "topic",
        /// An EventBridge bus.
        EventBus = "event_bus",
        /// A cron or rate schedule.
        Schedule = "schedule",
        /// A Kinesis, Firehose or Kafka stream.
        Stream = "stream",
        /// An in-memory cache.
        Cache = "cache",
        /// An OpenSearch domain.
        Search = "search",
        /// A Secrets Manager secret.
        Secret = "secret",
        /// An SSM parameter that code reads at run time.
        Parameter = "parameter",
        /// A Cognito user or identity pool.
        UserPool = "user_pool",
        /// A CloudFront distribution.
        Cdn = "cdn",
        /// SES.
        Email = "email",
        /// A machine learning service used as an API.
        Ml = "ml",
        /// Something outside of the scan: a third party or another team.
        External = "external",
        /// Anything else that is architecture.
        Other = "other",
        /// A crate: a package of a Cargo workspace.
        Crate = "crate",
        /// A route of an HTTP or WebSocket API.
        Route = "route",
        /// A field of a GraphQL API.
        Field = "field",
        /// A state of a state machine.
        State = "state",
        /// A table of a relational database.
        SqlTable = "sql_table",
        /// A stored procedure or function of a relational database.
        SqlProcedure = "sql_procedure",
        /// A kind of event on a bus.
        EventType = "event_type",
        /// A module of a crate.
        Module = "module",
    }
}

impl NodeKind {
    /// Whether a node of this kind is a part of another node (a route of an API, a state of a machine).
    pub const fn is_part(self) -> bool {
        matches!(
            self,
            Self::Route
                | Self::Field
                | Self::State
                | Self::SqlTable
                | Self::SqlProcedure
                | Self::EventType
                | Self::Module
        )
    }
}

vocabulary! {
    /// What flows along an edge. `from` is always the one who initiates.
    FlowKind {
        /// A call of a function, state machine, API or host.
        Invoke = "invoke",
        /// A source delivers to its consumer.
        Trigger = "trigger",
        /// A message or event is sent, dead letters included.
        Publish = "publish",
        /// Data is read from a store.
        Read = "read",
        /// Data is written to a store.
        Write = "write",
        /// An API asks an authorizer or a user pool.
        Auth = "auth",
        /// A service API that is not storage is used; a module names what is in another one.
        Use = "use",
    }
}

vocabulary! {
    /// Whether the initiator waits for the outcome.
    Mode {
        /// The initiator waits.
        Sync = "sync",
        /// The initiator goes on.
        Async = "async",
    }
}

vocabulary! {
    /// How sure an edge is, most certain first.
    Certainty {
        /// Configuration says so.
        Declared = "declared",
        /// Code says so, and its target resolved to one thing.
        Inferred = "inferred",
        /// A pattern matched, or it is one of several.
        Possible = "possible",
        /// Only a policy allows it; nothing shows that it happens.
        Granted = "granted",
    }
}

impl Mode {
    /// What it means, for somebody who meets the word for the first time.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Sync => "whoever begins it waits until it is done",
            Self::Async => "whoever begins it goes on without waiting",
        }
    }
}

impl Certainty {
    /// What it means, for somebody who meets the word for the first time.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Declared => "the configuration says so",
            Self::Inferred => "a line of code does it, and what it names is one thing",
            Self::Possible => "it may be: a name fits this, and something else or nothing may be meant",
            Self::Granted => {
                "only a policy, or a dependency that is declared, allows it; no line was seen that does it"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for kind in NodeKind::ALL {
            assert_eq!(NodeKind::parse(kind.as_str()), Some(*kind));
        }
        for kind in FlowKind::ALL {
            assert_eq!(FlowKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(NodeKind::parse("lambda"), None);
    }
}
