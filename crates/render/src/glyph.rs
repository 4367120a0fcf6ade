//! Small pictograms of our own for SVG, drawn with lines in a square of 24 units.

/// A pictogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    Api,
    Bucket,
    Bus,
    Cache,
    Cdn,
    Container,
    Database,
    Email,
    External,
    Function,
    Graphql,
    Ml,
    Other,
    Parameter,
    Queue,
    Schedule,
    Search,
    Secret,
    Service,
    StateMachine,
    Stream,
    Table,
    Topic,
    User,
}

impl Glyph {
    /// The path, to be stroked and not filled.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Api => "M8 7 3.5 12 8 17M16 7l4.500 5-4.500 5M13.500 5.500l-3 13",
            Self::Bucket => {
                "M4.500 6.500a7.500 2.500 0 0 1 15 0l-1.800 12a5.700 1.800 0 0 1-11.400 0zM4.500 6.500a7.500 2.500 0 0 0 15 0"
            }
            Self::Bus => "M3 12h18M7 12V5.500M12 12V5.500M17 12V5.500M9.500 12v6.500M14.500 12v6.500",
            Self::Cache => "M13 3.500 5.500 13.500h6L10.500 20.500 18.500 10h-6.200z",
            Self::Cdn => {
                "M12 3.500a8.500 8.500 0 1 0 .01 0zM12 9.500a2.500 2.500 0 1 0 .01 0zM12 3.500v6M12 14.500v6M3.500 12h6M14.500 12h6"
            }
            Self::Container => "M12 3.500 4.500 7.500v9l7.500 4 7.500-4v-9zM4.500 7.500l7.500 4 7.500-4M12 11.500v9",
            Self::Database => {
                "M5 6.500a7 2.500 0 0 1 14 0v11a7 2.500 0 0 1-14 0zM5 6.500a7 2.500 0 0 0 14 0M5 12a7 2.500 0 0 0 14 0"
            }
            Self::Email => "M3.500 6h17v12h-17zM3.500 6.500 12 13l8.500-6.500",
            Self::External => "M12 3.500a8.500 8.500 0 1 0 .01 0zM12 3.500c-5 5-5 12 0 17c5-5 5-12 0-17M3.500 12h17",
            Self::Function => "M7.500 4.500h2.500l7 15M11.700 9.500 6.500 19.500",
            Self::Graphql => "M12 3.500 4.500 7.800v8.400l7.500 4.300 7.500-4.300V7.800zM12 3.500 4.500 16.200h15z",
            Self::Ml => {
                "M12 3.500l1.900 6.600 6.600 1.900-6.600 1.900L12 20.500l-1.900-6.600L3.500 12l6.600-1.900zM18.500 3.500v4M16.500 5.500h4"
            }
            Self::Other => "M5 5h14v14H5zM5 9.500h14",
            Self::Parameter => "M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h9M17 17h3M15 15v4",
            Self::Queue => "M3 7h18v10H3zM8 7v10M12 7v10M16 7v10",
            Self::Schedule => "M12 3.500a8.500 8.500 0 1 0 .01 0zM12 7v5l3.500 2.500",
            Self::Search => "M10.500 4a6.500 6.500 0 1 0 .01 0zM15.300 15.300 20.500 20.500",
            Self::Secret => "M6 10.500h12v9H6zM8.500 10.500V8a3.500 3.500 0 0 1 7 0v2.500M12 14v2.500",
            Self::Service => {
                "M12 3.500 3.500 8l8.500 4.500L20.500 8zM3.500 12l8.500 4.500 8.500-4.500M3.500 16l8.500 4.500 8.500-4.500"
            }
            Self::StateMachine => {
                "M9 3.500h6v4H9zM3.500 16.500h6v4h-6zM14.500 16.500h6v4h-6zM12 7.500V12M6.500 16.500V12h11v4.500"
            }
            Self::Stream => "M3 7c3-3 6 3 9 0s6 3 9 0M3 12c3-3 6 3 9 0s6 3 9 0M3 17c3-3 6 3 9 0s6 3 9 0",
            Self::Table => "M4 5h16v14H4zM4 9.500h16M4 14.250h16M10 9.500V19",
            Self::Topic => {
                "M5.500 9.500a2.500 2.500 0 1 0 .01 0zM8 12h11.500M7.800 11 17.500 5.500M7.800 13l9.700 5.500M15 4.800l2.700.5-.8 2.600M17.500 10l2.300 2-2.300 2M16.900 16l.8 2.600-2.700.6"
            }
            Self::User => "M12 4a4 4 0 1 0 .01 0zM4.500 20.500c0-5 3.500-7 7.500-7s7.500 2 7.500 7",
        }
    }
}
