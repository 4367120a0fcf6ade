//! Keys of maps that are made of several values: `ROUTES[("GET", "/orders")]`.

use crate::machine::Machine;
use crate::text;
use crate::value::Abs;
use facts::Expr;

/// What stands between the values in the text that such a key is kept as; nobody writes it into a name.
const BETWEEN: char = '\u{2063}';

impl Machine<'_> {
    /// A value as the key of a map: one that is made of texts becomes one text.
    pub(crate) fn as_key(&self, key: &Abs) -> Abs {
        let Some((items, None)) = self.heap.list_of(key) else { return key.clone() };
        if items.is_empty() || !items.iter().all(|item| matches!(item, Abs::Text(_) | Abs::Int(_))) {
            return key.clone();
        }
        let between = Expr::literal(BETWEEN.to_string());
        let first = text::expression(&items[0]);
        let further = items[1..].iter().flat_map(|item| [between.clone(), text::expression(item)]);
        Abs::Text(Expr::concat(std::iter::once(first).chain(further)))
    }

    /// The value that a map has as a key.
    pub(crate) fn of_key(&mut self, key: &Expr) -> Abs {
        match key {
            Expr::Literal(text) if text.contains(BETWEEN) => {
                let items = text.split(BETWEEN).map(Abs::text).collect();
                self.heap.list(items)
            }
            Expr::Concat(pieces) if pieces.iter().filter_map(Expr::as_literal).any(|text| text.contains(BETWEEN)) => {
                Abs::unknown("it is a key of several values")
            }
            key => Abs::Text(key.clone()),
        }
    }
}
