//! Why a drawing cannot be read. Such a drawing is left as it is: better no new drawing than one that lost something.

use std::fmt;

/// What is wrong with a drawing, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}{fault}")]
pub struct Error {
    /// Where.
    pub place: Place,
    /// What.
    pub fault: Fault,
}

/// A place in a drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The name of the page, if it is in the compressed text of one; lines and columns are those of that text.
    pub page: Option<String>,
    /// Line and column, from one.
    pub at: Option<(u32, u32)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(page) = &self.page {
            write!(f, "page `{page}`, ")?;
        }
        match self.at {
            Some((line, column)) => write!(f, "line {line}, column {column}: "),
            None if self.page.is_some() => f.write_str("compressed: "),
            None => Ok(()),
        }
    }
}

/// What can be wrong with a drawing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More than anyone draws.
    #[error("larger than {0} MB")]
    TooLarge(usize),
    /// More elements than anyone draws, or deeper ones.
    #[error("more elements, or deeper ones, than a drawing has")]
    TooMany,
    /// Bytes that are no text.
    #[error("not UTF-8 text")]
    NotText,
    /// Not XML, or a truncated file.
    #[error("not well-formed XML, or truncated: {0}")]
    NotXml(String),
    /// Two states of the file that nobody has made one of yet.
    #[error("a conflict between two states of the file, which version control left for a person to settle")]
    Conflict,
    /// Entities are a way to blow a file up or to read others.
    #[error("a document type or an entity, which no drawing needs")]
    Entities,
    /// XML, but no drawing as far as is known.
    #[error("expected {expected}, found {found}; was it saved by a newer draw.io?")]
    Form {
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// Two things of one name, of which the editor would show one.
    #[error("the id `{0}` is there twice")]
    Twice(String),
    /// A compressed page that does not inflate.
    #[error("a page that is neither XML nor compressed as draw.io does it")]
    NotCompressed,
    /// Saved by a program that may mean something else by the same words.
    #[error("saved by {program} {version}, which is newer than what is known here")]
    Newer {
        /// Which.
        program: &'static str,
        /// As the file says.
        version: String,
    },
}

impl Fault {
    /// The fault at a place in a text.
    pub(crate) fn at(self, position: roxmltree::TextPos) -> Error {
        Error { place: Place { page: None, at: Some((position.row, position.col)) }, fault: self }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self { place: Place::default(), fault }
    }
}

impl From<roxmltree::Error> for Error {
    fn from(error: roxmltree::Error) -> Self {
        let position = error.pos();
        match error {
            roxmltree::Error::DtdDetected | roxmltree::Error::UnknownEntityReference(..) => {
                if matches!(error, roxmltree::Error::DtdDetected) {
                    Fault::Entities.into()
                } else {
                    Fault::Entities.at(position)
                }
            }
            roxmltree::Error::NodesLimitReached => Fault::TooMany.into(),
            // The place stands before it already.
            _ => Fault::NotXml(error.to_string().split(" at ").next().unwrap_or_default().to_owned()).at(position),
        }
    }
}
