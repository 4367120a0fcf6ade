//! The styles of what nodes are drawn as in draw.io.

use crate::drawio::{INK, MUTED};
use crate::page::{Form, NAME, NodeText};
use layout::Direction;

/// The style of a ghost: the lines of what it stands for, on a pale ground. The shape of an icon has no border, and
/// without any ground lines would end at nothing.
pub(crate) fn traced(style: &str, text: &NodeText) -> String {
    let colour = text.look.colour;
    let style = match text.form {
        Form::Icon => style
            .replace(&format!("fillColor={colour};"), &format!("fillColor={};", pale(colour)))
            .replace("strokeColor=#ffffff;", &format!("strokeColor={colour};")),
        Form::Card | Form::Pill | Form::Choice => format!("{style}dashed=1;dashPattern=4 3;"),
    };
    // A word that the editor keeps and does not know.
    format!("{}ghost=1;", style.replace(&format!("fontColor={INK};"), &format!("fontColor={MUTED};")))
}

/// A colour of six digits, with six sevenths of white in it.
fn pale(colour: &str) -> String {
    let part =
        |at: usize| colour.get(at..at + 2).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(255);
    let mixed = |at: usize| (part(at) + 6 * 255) / 7;
    format!("#{:02X}{:02X}{:02X}", mixed(1), mixed(3), mixed(5))
}

/// The style of what a node is drawn as.
pub(crate) fn style(text: &NodeText, direction: Direction) -> String {
    let (colour, icon) = (text.look.colour, text.look.icon);
    let card = match text.form {
        Form::Icon => {
            let caption = match direction {
                Direction::Right => "verticalLabelPosition=bottom;verticalAlign=top;align=center;",
                Direction::Down => {
                    "labelPosition=right;verticalLabelPosition=middle;verticalAlign=middle;align=left;spacingLeft=4;"
                }
            };
            return format!(
                "sketch=0;outlineConnect=0;fontColor={INK};gradientColor=none;fillColor={colour};strokeColor=#ffffff;dashed=0;\
                 {caption}html=1;fontSize={NAME};fontStyle=0;aspect=fixed;\
                 shape=mxgraph.aws4.resourceIcon;resIcon={icon};"
            );
        }
        Form::Card => "rounded=1;absoluteArcSize=1;arcSize=12;",
        Form::Pill => "rounded=1;arcSize=50;",
        Form::Choice => "shape=hexagon;perimeter=hexagonPerimeter2;fixedSize=1;size=14;",
    };
    format!(
        "{card}html=1;whiteSpace=wrap;fillColor=#FFFFFF;strokeColor={colour};strokeWidth=1.5;fontColor={INK};fontSize={NAME};"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ghosts_stand_on_a_pale_ground() {
        assert_eq!(pale("#ED7100"), "#FCEADA");
        assert_eq!(pale("#000000"), "#DADADA");
    }
}
