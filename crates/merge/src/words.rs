//! What a cell is called in a report.

use crate::cell::Cell;
use crate::mark::MODEL;
use crate::xml::get;

/// So many characters name a thing.
const LONGEST: usize = 80;

/// The id in the model, else the words on the cell, else its id.
pub(crate) fn name(cell: &Cell) -> String {
    let model = get(&cell.data, MODEL).map(str::to_owned);
    let words = model.unwrap_or_else(|| without_tags(cell.label()));
    let words = if words.is_empty() { &cell.id } else { &words };
    match words.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &words[..at]),
        None => words.clone(),
    }
}

/// The text of a line of HTML.
pub(crate) fn without_tags(html: &str) -> String {
    let (mut out, mut inside) = (String::new(), false);
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            _ if inside => {}
            c => out.push(c),
        }
    }
    let text = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ");
    text.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
}
