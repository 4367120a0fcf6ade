//! The functions and procedures that a file of SQL declares.

use crate::tokens::{Token, lines, tokens};

/// Tokens between `CREATE` and `FUNCTION` that are looked at: `OR REPLACE DEFINER = user @ host`.
const MAX_BETWEEN: usize = 16;

/// Names as they are written, without quotes, each with its line, counted from 1.
pub fn routines(text: &str) -> Vec<(String, u32)> {
    let tokens = tokens(text);
    let is = |at: usize, words: &[&str]| match tokens.get(at) {
        Some((Token::Word(word), _)) => words.iter().any(|w| w.eq_ignore_ascii_case(word)),
        _ => false,
    };
    let line = lines(text);
    let mut out = Vec::new();
    for create in (0..tokens.len()).filter(|at| is(*at, &["CREATE"])) {
        let ends = |at: &usize| is(*at, &["CREATE"]) || tokens.get(*at).is_some_and(|(t, _)| *t == Token::Mark(b';'));
        let until = (create + 1..tokens.len().min(create + MAX_BETWEEN)).take_while(|at| !ends(at));
        let Some(word) = until.into_iter().find(|at| is(*at, &["FUNCTION", "PROCEDURE"])) else { continue };
        let mut at = word + 1;
        while is(at, &["IF", "NOT", "EXISTS"]) {
            at += 1;
        }
        let mut name = Vec::new();
        while let Some((Token::Word(part) | Token::Quoted(part), _)) = tokens.get(at) {
            name.push(part.as_str());
            if !matches!(tokens.get(at + 1), Some((Token::Mark(b'.'), _))) {
                break;
            }
            at += 2;
        }
        if !name.is_empty() {
            out.push((name.join("."), line(tokens[create].1)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_and_procedures() {
        let check = |text: &str, expected: &str| {
            let found: Vec<String> = routines(text).iter().map(|(name, line)| format!("{name}:{line}")).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        };
        check("CREATE FUNCTION week_label(at DATE) RETURNS TEXT\nRETURN 'x';", "week_label:1");
        check("\nCREATE OR REPLACE FUNCTION shop.total(id int) RETURNS int AS $$ SELECT 1 $$;", "shop.total:2");
        check(
            "DELIMITER //\nCREATE DEFINER=`admin`@`%` PROCEDURE `close_week`(IN n INT)\nBEGIN END //",
            "close_week:2",
        );
        check("CREATE TABLE a (id INT); CREATE PROCEDURE IF NOT EXISTS p() BEGIN END", "p:1");
        check("CREATE TABLE procedure_log (id INT);\n-- CREATE FUNCTION no()\n", "");
        check("DROP FUNCTION f; CREATE", "");
    }
}
