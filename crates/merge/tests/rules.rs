//! What stays, what follows the source, what goes: one test for each rule.

#![expect(clippy::float_cmp, reason = "what did not move has the very same numbers")]

mod support;

use merge::{Event, Options};
use support::{Editor, System, Tree, merged, merged_text};

const PLAIN: Options = Options { fresh: false, show_hidden: false };
const FRESH: Options = Options { fresh: true, show_hidden: false };
const SHOW: Options = Options { fresh: false, show_hidden: true };

fn shop() -> System {
    System::of(
        "orders.api orders.put orders.table mail.send mail.queue stripe",
        "orders.api>orders.put orders.put>orders.table orders.put>mail.queue mail.queue>mail.send orders.put>stripe",
    )
}

/// Draws the shop, lets a person edit it, and draws again.
fn edited(
    edit: impl Fn(&mut Editor),
    change: impl Fn(&mut System),
    options: Options,
) -> (Editor, merge::Report, String) {
    let mut editor = Editor::open(&shop().draw());
    edit(&mut editor);
    let mut system = shop();
    change(&mut system);
    let merged = merged(&editor.save(), &system, options);
    (Editor::open(&merged.text), merged.report, merged.text)
}

fn names(report: &merge::Report, event: Event) -> Vec<&str> {
    report.of(event).map(|note| note.what.as_str()).collect()
}

#[test]
fn an_unedited_drawing_is_the_same_bytes() {
    let text = shop().draw();
    let merged = merged(&text, &shop(), PLAIN);
    assert_eq!(merged.text, text);
    assert!(merged.report.notes.is_empty());
}

#[test]
fn a_drawing_that_was_only_saved_in_the_editor_says_the_same() {
    let text = shop().draw();
    let merged = merged(&Editor::open(&text).save(), &shop(), PLAIN);
    assert_eq!(merged.text, text);
    assert!(merged.report.notes.is_empty(), "{:?}", merged.report);
}

#[test]
fn places_sizes_bends_and_collapsed_containers_stay() {
    let bent = "<Array as=\"points\"><mxPoint x=\"7\" y=\"9\"/></Array>";
    let edit = |e: &mut Editor| {
        e.move_by("node:stripe", 33.0, 21.0);
        e.geometry_mut("service:orders").set("width", "333");
        e.geometry_mut("flow:orders.put:stripe").children = vec![Tree::parse(bent)];
        e.cell_mut("service:mail").set("collapsed", "1");
        let rect = Tree::parse("<mxRectangle x=\"440\" y=\"80\" width=\"200\" height=\"340\" as=\"alternateBounds\"/>");
        e.geometry_mut("service:mail").children.push(rect);
        e.geometry_mut("service:mail").set("height", "30");
    };
    let (before, _, _) = edited(edit, |_| {}, PLAIN);
    let (after, report, _) = edited(edit, |s| s.words = " v2".to_owned(), PLAIN);
    assert_eq!(before.rect("node:stripe"), [873.0, 101.0, 64.0, 64.0]);
    for id in ["node:stripe", "service:orders", "flow:orders.put:stripe", "service:mail"] {
        assert_eq!(after.geometry(id), before.geometry(id));
    }
    assert_eq!(after.rect("service:orders")[2], 333.0);
    assert_eq!(after.cell("service:mail").get("collapsed"), Some("1"));
    assert_eq!(after.object("node:stripe").get("label"), Some("stripe v2<br>Queue"));
    assert_eq!(names(&report, Event::Moved), ["mail", "orders", "stripe", "orders.put → stripe"].map(|s| s).to_vec());
}

#[test]
fn nothing_moves_when_the_layout_would() {
    let (after, _, _) = edited(|_| {}, |s| s.add("orders.aaa"), PLAIN);
    let before = Editor::open(&shop().draw());
    for id in before.ids().iter().filter(|id| id.starts_with("node:")) {
        assert_eq!(after.absolute(id), before.absolute(id), "{id}");
    }
}

#[test]
fn styles_are_merged_key_by_key() {
    let edit = |e: &mut Editor| e.restyle("node:stripe", "fillColor=#ED7100", "fillColor=#00FF00");
    let (after, report, _) = edited(edit, |s| s.look = "fontStyle=1;".to_owned(), PLAIN);
    assert!(after.style("node:stripe").contains("fillColor=#00FF00;"));
    assert!(after.style("node:stripe").contains("fontStyle=1;"));
    assert!(after.style("node:mail.send").contains("fillColor=#ED7100;"));
    assert_eq!(names(&report, Event::Restyled), ["stripe"]);
}

#[test]
fn words_follow_the_source_unless_a_person_changed_them() {
    let edit = |e: &mut Editor| {
        e.reword("node:stripe", "the bank");
        e.wrap("node:mail.send", "tooltip", "mine");
        e.wrap("node:mail.send", "owner", "team mail");
        e.wrap("node:mail.queue", "tooltip", "");
    };
    let (after, report, _) = edited(edit, |s| s.words = " v2".to_owned(), PLAIN);
    assert_eq!(after.object("node:stripe").get("label"), Some("the bank"));
    assert_eq!(after.object("node:stripe").get("tooltip"), Some("stripe v2&#10;queue"));
    assert_eq!(after.object("node:mail.send").get("tooltip"), Some("mine"));
    assert_eq!(after.object("node:mail.send").get("owner"), Some("team mail"));
    assert_eq!(after.object("node:mail.send").get("label"), Some("mail.send v2<br>Queue"));
    assert_eq!(after.object("node:mail.queue").get("tooltip"), Some(""));
    assert_eq!(names(&report, Event::Reworded), ["stripe"]);
}

#[test]
fn a_plain_cell_that_became_an_object_is_still_owned() {
    let edit = |e: &mut Editor| e.wrap("title", "link", "https://example.com");
    let (after, report, _) = edited(edit, |_| {}, PLAIN);
    assert_eq!(after.object("title").get("link"), Some("https://example.com"));
    assert_eq!(after.ids().iter().filter(|id| *id == "title").count(), 1);
    assert_eq!(names(&report, Event::Foreign), Vec::<&str>::new());
}

#[test]
fn what_a_person_added_is_kept_byte_for_byte() {
    let odd = "<mxCell   value='x &gt; \"y\"' id=\"77\"\n vertex=\"1\" parent=\"1\" ><mxGeometry width=\"10\" x=\"3000\" height=\"10.50\" as=\"geometry\" /><!-- here --></mxCell>";
    let page = "<diagram name='mine &amp; yours'   id=\"abc\">\n <mxGraphModel><root><mxCell id=\"0\" /></root></mxGraphModel>  </diagram>";
    let text =
        shop().draw().replace("</root>", &format!("{odd}</root>")).replace("</mxfile>", &format!("{page}</mxfile>"));
    let mut system = shop();
    system.remove("stripe");
    let merged = merged(&text, &system, PLAIN);
    assert!(merged.text.contains(odd) && merged.text.contains(page), "{}", merged.text);
    assert_eq!(names(&merged.report, Event::Foreign), ["x > \"y\""]);
    assert_eq!(names(&merged.report, Event::ForeignPage), ["mine & yours"]);
}

#[test]
fn a_copy_of_an_owned_cell_is_a_persons() {
    let edit = |e: &mut Editor| e.copy("node:stripe", "12");
    let (after, report, _) = edited(edit, |s| s.remove("stripe"), PLAIN);
    assert!(after.has("12") && !after.has("node:stripe"));
    assert_eq!(names(&report, Event::Foreign), ["stripe"]);
}

#[test]
fn what_vanished_goes_with_its_arrows() {
    let (after, report, _) = edited(|_| {}, |s| s.remove("orders.put"), PLAIN);
    assert!(!after.has("node:orders.put"));
    assert!(!after.ids().iter().any(|id| id.starts_with("flow:") && id.contains("orders.put")));
    assert!(after.has("flow:mail.queue:mail.send"));
    assert_eq!(names(&report, Event::Gone), ["orders.put"]);
}

#[test]
fn a_persons_arrow_to_what_vanished_is_kept_and_ends_at_a_point() {
    let edit = |e: &mut Editor| {
        e.note("20", 900, 500);
        e.arrow("21", "20", "node:stripe");
    };
    let (after, report, _) = edited(edit, |s| s.remove("stripe"), PLAIN);
    let arrow = after.cell("21");
    assert_eq!((arrow.get("source"), arrow.get("target")), (Some("20"), None));
    let point = after.geometry("21").children.iter().find(|p| p.get("as") == Some("targetPoint")).unwrap();
    assert!((840.0..=904.0).contains(&point.number("x")) && (80.0..=144.0).contains(&point.number("y")));
    assert_eq!(names(&report, Event::Loosened), ["21 (stripe)"]);
}

#[test]
fn a_page_that_nobody_arranged_is_laid_out_anew_when_much_of_it_is_new() {
    let names = |count: usize| (0..count).map(|i| format!("a.n{i:02}")).collect::<Vec<_>>().join(" ");
    let (old, few, many) = (System::of(&names(8), ""), System::of(&names(16), ""), System::of(&names(30), ""));
    let (small, large) = (merged(&old.draw(), &few, PLAIN), merged(&old.draw(), &many, PLAIN));
    assert_eq!((small.report.count(Event::Anew), large.report.count(Event::Anew)), (0, 1));
    assert_eq!(large.text, many.draw());
    let (large, larger) = (System::of(&names(40), ""), System::of(&names(56), ""));
    assert_eq!(merged(&large.draw(), &larger, PLAIN).report.count(Event::Anew), 0, "it is much, and not of the page");
    for edit in [|e: &mut Editor| e.move_by("node:a.n03", 9.0, 0.0), |e: &mut Editor| e.note("20", 9, 9)] {
        let mut editor = Editor::open(&old.draw());
        edit(&mut editor);
        assert_eq!(merged(&editor.save(), &many, PLAIN).report.count(Event::Anew), 0);
    }
}

#[test]
fn what_is_new_does_not_stand_where_a_persons_arrow_lost_its_end() {
    let mut editor = Editor::open(&System::of("a.x a.y", "a.x>a.y").draw());
    editor.note("20", 500, 260);
    editor.arrow("21", "20", "node:a.y");
    let check = |after: &Editor, id: &str| {
        let (at, end) = (after.absolute(id), after.geometry("21"));
        let end = end.children.iter().find(|p| p.get("as") == Some("targetPoint")).unwrap();
        let off = |value: f64, from: f64, size: f64| (from - value).max(value - from - size);
        let away = off(end.number("x"), at[0], at[2]).max(off(end.number("y"), at[1], at[3]));
        assert!(away >= 16.0, "{at:?} is {away} away from {end:?}");
    };
    let once = merged(&editor.save(), &System::of("a.x a.z", "a.x>a.z"), PLAIN).text;
    check(&Editor::open(&once), "node:a.z");
    // The next time the end is a point as any other.
    let twice = merged(&once, &System::of("a.w a.x a.z", "a.x>a.z a.x>a.w"), PLAIN).text;
    check(&Editor::open(&twice), "node:a.w");
}

#[test]
fn words_that_became_more_find_another_place_unless_a_person_placed_them() {
    let (old, new) = (System::of("a.x b", "a.x>b"), System::of("a.x b", "a.x>b"));
    let new = System { words: " says far more than it did before".to_owned(), ..new };
    let place = |editor: &Editor| {
        let geometry = editor.geometry("flow:a.x:b");
        (
            geometry.get("x").map(str::to_owned),
            geometry.children.iter().find(|c| c.get("as") == Some("offset")).cloned(),
        )
    };
    let mut editor = Editor::open(&old.draw());
    let after = Editor::open(&merged(&editor.save(), &new, PLAIN).text);
    assert_eq!(after.object("flow:a.x:b").get("label"), Some(new.words.as_str()));
    assert!(place(&after).1.is_some(), "the words are on the line");
    assert_eq!(after.geometry("flow:a.x:b").children[0], editor.geometry("flow:a.x:b").children[0]);
    editor.geometry_mut("flow:a.x:b").set("x", "0.5");
    let after = Editor::open(&merged(&editor.save(), &new, PLAIN).text);
    assert_eq!(place(&after), (Some("0.5".to_owned()), None));
}

#[test]
fn what_is_new_stands_in_line_with_its_neighbours() {
    let edit =
        |e: &mut Editor| ["api", "put", "table"].iter().for_each(|n| e.move_by(&format!("node:orders.{n}"), 13.0, 7.0));
    let change = |s: &mut System| {
        s.add("orders.get");
        s.lines.insert(("orders.api".to_owned(), "orders.get".to_owned()));
    };
    let (after, _, _) = edited(edit, change, PLAIN);
    let (new, known) = (after.absolute("node:orders.get"), after.absolute("node:orders.put"));
    let rows = ["api", "put", "table"].map(|n| after.absolute(&format!("node:orders.{n}"))[1]);
    assert!(new[0] == known[0] || rows.contains(&new[1]), "{new:?} is in line with nothing");
}

#[test]
fn what_a_person_put_into_a_container_that_vanished_stays_where_it_was() {
    let edit = |e: &mut Editor| {
        e.note("20", 10, 20);
        e.cell_mut("20").set("parent", "service:mail");
    };
    let mut before = Editor::open(&shop().draw());
    edit(&mut before);
    let gone = |s: &mut System| ["mail.send", "mail.queue"].iter().for_each(|n| s.remove(n));
    let (after, report, _) = edited(edit, gone, PLAIN);
    assert_eq!(after.cell("20").get("parent"), Some("1"));
    assert_eq!(after.absolute("20"), before.absolute("20"));
    assert_eq!(names(&report, Event::Orphaned), ["a note & more"]);
}

#[test]
fn a_persons_label_on_an_arrow_that_vanished_becomes_a_text() {
    let edit = |e: &mut Editor| {
        e.add("<mxCell id=\"20\" value=\"why\" style=\"edgeLabel;\" vertex=\"1\" parent=\"flow:orders.put:stripe\"><mxGeometry x=\"0.2\" relative=\"1\" as=\"geometry\"/></mxCell>");
    };
    let (after, _, _) = edited(edit, |s| s.remove("stripe"), PLAIN);
    assert_eq!(after.cell("20").get("parent"), Some("1"));
    assert_eq!(after.geometry("20").get("relative"), None);
    assert!(after.rect("20")[0] > 100.0);
}

#[test]
fn a_deletion_is_remembered_until_it_is_asked_for() {
    let edit = |e: &mut Editor| e.delete("node:stripe");
    let (after, report, text) = edited(edit, |s| s.words = "2".to_owned(), PLAIN);
    assert!(!after.has("node:stripe") && !after.has("flow:orders.put:stripe"));
    assert_eq!(names(&report, Event::Hidden), ["stripe"]);
    let mut system = shop();
    system.lines.insert(("mail.send".to_owned(), "stripe".to_owned()));
    let later = merged(&text, &system, PLAIN);
    assert!(!later.text.contains("\"node:stripe\"") && !later.text.contains("\"flow:mail.send:stripe\""));
    let shown = merged(&later.text, &system, SHOW);
    let file = Editor::open(&shown.text);
    assert!(file.has("node:stripe") && file.has("flow:orders.put:stripe") && file.has("flow:mail.send:stripe"));
    assert_eq!(merged(&shown.text, &system, PLAIN).text, shown.text);
}

#[test]
fn a_deleted_arrow_alone_is_remembered() {
    let edit = |e: &mut Editor| e.delete("flow:orders.put:stripe");
    let (after, report, _) = edited(edit, |_| {}, PLAIN);
    assert!(after.has("node:stripe") && !after.has("flow:orders.put:stripe"));
    assert_eq!(names(&report, Event::Hidden), ["orders.put → stripe"]);
}

#[test]
fn a_deleted_container_stays_away_with_what_is_new_in_it() {
    let edit = |e: &mut Editor| e.delete("service:mail");
    let (after, report, _) = edited(edit, |s| s.add("mail.more"), PLAIN);
    assert!(!after.has("service:mail") && !after.has("node:mail.send") && !after.has("node:mail.more"));
    assert_eq!(names(&report, Event::Hidden), ["mail"]);
}

#[test]
fn what_is_new_in_an_ungrouped_container_joins_the_others() {
    let edit = |e: &mut Editor| {
        for id in ["node:mail.send", "node:mail.queue"] {
            e.cell_mut(id).set("parent", "1");
            e.move_by(id, 440.0, 80.0);
        }
        e.delete("service:mail");
    };
    let (after, _, _) = edited(edit, |s| s.add("mail.more"), PLAIN);
    assert!(!after.has("service:mail"));
    assert_eq!(after.cell("node:mail.more").get("parent"), Some("1"));
}

#[test]
fn a_persons_group_keeps_what_is_in_it() {
    let edit = |e: &mut Editor| e.group("30", &["node:orders.put", "node:orders.table"]);
    let mut before = Editor::open(&shop().draw());
    edit(&mut before);
    let (after, _, _) = edited(edit, |s| s.words = "2".to_owned(), PLAIN);
    assert_eq!(after.cell("node:orders.put").get("parent"), Some("30"));
    assert_eq!(after.absolute("node:orders.table"), before.absolute("node:orders.table"));
}

#[test]
fn what_the_source_moves_to_another_service_moves() {
    let change = |s: &mut System| {
        s.nodes.insert("stripe".to_owned(), Some("mail".to_owned()));
    };
    let (after, _, _) = edited(|_| {}, change, PLAIN);
    assert_eq!(after.cell("node:stripe").get("parent"), Some("service:mail"));
    let (outer, inner) = (after.absolute("service:mail"), after.absolute("node:stripe"));
    assert!(inside(inner, outer), "{inner:?} {outer:?}");
    let edit = |e: &mut Editor| e.group("30", &["node:stripe"]);
    let (after, _, _) = edited(edit, change, PLAIN);
    assert_eq!(after.cell("node:stripe").get("parent"), Some("30"), "a person's group is theirs");
}

#[test]
fn what_was_drawn_before_there_were_layers_stays_where_a_person_put_it() {
    let text = shop().draw();
    let mut editor = Editor::open(&text);
    editor.move_by("node:stripe", 33.0, 21.0);
    let place = editor.absolute("node:stripe");
    let layer = "<mxCell id=\"layer:ghosts\" value=\"Ghosts\" parent=\"0\"/>";
    let mut layered = Editor::open(&text);
    layered.cells().insert(2, Tree::parse(layer));
    layered.cell_mut("node:stripe").set("parent", "layer:ghosts");
    let body = layered.save();
    let page =
        body.split_once("<diagram").map(|(_, rest)| format!("<diagram{}", rest.replace("</mxfile>", ""))).unwrap();
    let drawn = merge::stamp(&[page]).unwrap();
    let mut after = Editor::open(&merged_text(&editor.save(), &drawn, PLAIN).text);
    assert_eq!(after.cell("node:stripe").get("parent"), Some("layer:ghosts"));
    assert_eq!(after.absolute("node:stripe"), place);
    after.cell_mut("layer:ghosts").set("visible", "0");
    let again = Editor::open(&merged_text(&after.save(), &drawn, PLAIN).text);
    assert_eq!(again.cell("layer:ghosts").get("visible"), Some("0"), "a person has hidden it");
}

fn inside(inner: [f64; 4], outer: [f64; 4]) -> bool {
    inner[0] >= outer[0]
        && inner[1] >= outer[1]
        && inner[0] + inner[2] <= outer[0] + outer[2]
        && inner[1] + inner[3] <= outer[1] + outer[3]
}

#[test]
fn an_arrow_follows_the_source_unless_a_person_led_it_elsewhere() {
    let edit = |e: &mut Editor| {
        e.note("20", 900, 500);
        e.cell_mut("flow:orders.put:stripe").set("target", "20");
        e.cell_mut("flow:mail.queue:mail.send").attributes.retain(|(n, _)| n != "target");
    };
    let (after, _, _) = edited(edit, |_| {}, PLAIN);
    assert_eq!(after.cell("flow:orders.put:stripe").get("target"), Some("20"));
    assert_eq!(after.cell("flow:mail.queue:mail.send").get("target"), Some("node:mail.send"));
}

#[test]
fn layers_pages_and_their_order_are_a_persons() {
    let two = |s: &System| merge::stamp(&[s.page("a", "A"), s.page("b", "B")]).unwrap();
    let mut editor = Editor::open(&two(&shop()));
    editor.tree.children.swap(0, 1);
    editor.tree.children[0].set("name", "mine");
    editor.cells()[1].set("value", "my layer");
    editor.add("<mxCell id=\"50\" value=\"notes\" parent=\"0\" visible=\"0\"/>");
    let mut system = shop();
    system.add("orders.more");
    let three = [system.page("a", "A2"), system.page("aa", "AA"), system.page("b", "B2")];
    let merged = merged_text(&editor.save(), &merge::stamp(&three).unwrap(), PLAIN);
    let file = Editor::open(&merged.text);
    let pages: Vec<_> = file.tree.children.iter().map(|p| p.get("name").unwrap()).collect();
    assert_eq!(pages, ["mine", "A2", "AA"]);
    assert_eq!(file.object("1").get("value"), Some("my layer"));
    assert_eq!(file.object("50").get("visible"), Some("0"));
}

#[test]
fn a_deleted_page_stays_away_and_a_vanished_one_goes() {
    let pages = |ids: &[&str]| {
        let pages: Vec<String> = ids.iter().map(|id| shop().page(id, id)).collect();
        merge::stamp(&pages).unwrap()
    };
    let mut editor = Editor::open(&pages(&["a", "b", "c"]));
    editor.tree.children.remove(1);
    let merged = merged_text(&editor.save(), &pages(&["a", "b", "d"]), PLAIN);
    let ids = |text: &str| {
        let names = |p: &Tree| p.get("name").unwrap().to_owned();
        Editor::open(text).tree.children.iter().map(names).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids(&merged.text), "a d");
    assert_eq!(names(&merged.report, Event::HiddenPage), ["b"]);
    assert_eq!(names(&merged.report, Event::GonePage), ["c"]);
    assert_eq!(ids(&merged_text(&merged.text, &pages(&["a", "b", "d"]), SHOW).text), "a b d");
}

#[test]
fn a_vanished_page_with_a_persons_cells_keeps_those() {
    let text = merge::stamp(&[shop().page("a", "A"), shop().page("b", "B")]).unwrap();
    let mut editor = Editor::open(&text);
    editor.tree.children.swap(0, 1);
    editor.note("20", 900, 500);
    editor.tree.children.swap(0, 1);
    let only = merge::stamp(&[shop().page("a", "A")]).unwrap();
    let file = Editor::open(&merged_text(&editor.save(), &only, PLAIN).text);
    let left: Vec<_> = file.page(1).iter().map(|c| c.get("id").unwrap()).collect();
    assert_eq!(left, ["0", "1", "20"]);
}

#[test]
fn links_to_a_page_that_a_person_deleted_go_until_it_is_back() {
    let page = |with: bool| {
        let a = shop().page("a", "A").replace("id=\"node:stripe\"", "link=\"data:page/id,page:b\" id=\"node:stripe\"");
        let b = if with { shop().page("b", "B") } else { String::new() };
        (a, b)
    };
    let (a, b) = page(true);
    let text = merge::stamp(&[a, b]).unwrap();
    let mut editor = Editor::open(&text);
    editor.tree.children.pop();
    let hidden = merged_text(&editor.save(), &text, PLAIN).text;
    assert!(!hidden.contains("data:page"));
    assert!(merged_text(&hidden, &text, SHOW).text.contains("link=\"data:page/id,page:b\""));
}

#[test]
fn fresh_lays_out_anew_and_loses_nothing_else() {
    let edit = |e: &mut Editor| {
        e.move_by("node:stripe", 500.0, 500.0);
        e.restyle("node:stripe", "fillColor=#ED7100", "fillColor=#00FF00");
        e.reword("node:mail.send", "post");
        e.delete("node:orders.table");
        e.note("20", 2000, 500);
    };
    let (after, _, _) = edited(edit, |_| {}, FRESH);
    let plain = Editor::open(&shop().draw());
    assert_eq!(after.absolute("node:stripe"), plain.absolute("node:stripe"));
    assert!(after.style("node:stripe").contains("#00FF00"));
    assert_eq!(after.object("node:mail.send").get("label"), Some("post"));
    assert!(!after.has("node:orders.table") && after.has("20"));
}

#[test]
fn a_drawing_that_was_not_generated_is_kept_whole() {
    let own = "<mxfile host=\"Electron\" version=\"24.7.17\"><diagram id=\"x1\" name=\"Mine\"><mxGraphModel dx=\"1\"><root><mxCell id=\"0\"/><mxCell id=\"1\" parent=\"0\"/><mxCell id=\"2\" value=\"a\" vertex=\"1\" parent=\"1\"><mxGeometry width=\"10\" height=\"10\" as=\"geometry\"/></mxCell></root></mxGraphModel></diagram></mxfile>";
    let merged = merged(own, &shop(), PLAIN);
    let file = Editor::open(&merged.text);
    let pages: Vec<_> = file.tree.children.iter().map(|p| p.get("name").unwrap()).collect();
    assert_eq!(pages, ["Mine", "System"]);
    assert_eq!(file.tree.get("version"), Some("24.7.17"));
}

#[test]
fn a_legend_gives_way_to_what_is_new_unless_a_person_put_it_there() {
    let more = |s: &mut System| (0..6).for_each(|i| s.add(&format!("mail.more{i}")));
    let (after, report, _) = edited(|_| {}, more, PLAIN);
    let group = after.absolute("service:mail");
    assert_eq!(report.count(Event::Outside), 0);
    assert!(
        after.absolute("legend")[1] >= group[1] + group[3],
        "the legend is in the way: {group:?} {:?}",
        after.absolute("legend")
    );
    let put = |e: &mut Editor| e.move_by("legend", 0.0, 3.0);
    let (after, _, _) = edited(put, more, PLAIN);
    let mut before = Editor::open(&shop().draw());
    put(&mut before);
    assert_eq!(after.absolute("legend"), before.absolute("legend"));
}

#[test]
fn a_legend_that_grows_stays_where_it_was_put() {
    let mut editor = Editor::open(&shop().draw());
    editor.move_by("legend", 300.0, 300.0);
    let entry = "<mxCell id=\"legend:reads\" value=\"reads\" style=\"text;\" vertex=\"1\" parent=\"legend\"><mxGeometry x=\"120\" width=\"100\" height=\"20\" as=\"geometry\"/></mxCell>\n</root>";
    let page = shop().page("system", "System").replace("</root>", entry).replace(
        "width=\"100\" height=\"20\" as=\"geometry\"/></mxCell>\n<mxCell id=\"legend:calls\"",
        "width=\"220\" height=\"20\" as=\"geometry\"/></mxCell>\n<mxCell id=\"legend:calls\"",
    );
    let file = Editor::open(&merged_text(&editor.save(), &merge::stamp(&[page]).unwrap(), PLAIN).text);
    assert_eq!(file.rect("legend")[..3], [324.0, 880.0, 220.0]);
    assert_eq!(file.rect("legend:reads"), [120.0, 0.0, 100.0, 20.0]);
}

#[test]
fn only_what_the_source_says_makes_a_drawing_out_of_date() {
    let current = |old: &str, system: &System| merge::is_current(old.as_bytes(), &system.draw()).unwrap();
    let mut editor = Editor::open(&shop().draw());
    assert!(current(&editor.save(), &shop()));
    editor.move_by("node:stripe", 50.0, 0.0);
    editor.restyle("node:stripe", "fillColor=#ED7100", "fillColor=#00FF00");
    editor.reword("node:mail.send", "post");
    editor.note("20", 2000, 500);
    editor.delete("node:orders.table");
    editor.cells().retain(|c| c.get("id") != Some("flow:orders.put:orders.table"));
    editor.geometry_mut("service:mail").set("width", "500");
    editor.geometry_mut("flow:mail.queue:mail.send").children = Vec::new();
    editor.cell_mut("node:mail.queue").set("parent", "1");
    assert!(current(&editor.save(), &shop()));
    // The editor leaves out what is zero.
    let point = |x: &str| Tree::parse(&format!("<mxPoint {x} y=\"11\" as=\"offset\"/>"));
    let mut written = Editor::open(&shop().draw());
    written.geometry_mut("flow:orders.put:stripe").children.push(point("x=\"0\""));
    let mut saved = written.clone();
    saved.geometry_mut("flow:orders.put:stripe").children.retain(|c| c.get("as") != Some("offset"));
    saved.geometry_mut("flow:orders.put:stripe").children.push(point(""));
    assert!(merge::is_current(saved.save().as_bytes(), &written.save()).unwrap());
    let mut changed = shop();
    changed.words = " v2".to_owned();
    assert!(!current(&editor.save(), &changed));
    changed = shop();
    changed.add("mail.more");
    assert!(!current(&editor.save(), &changed));
    changed = shop();
    changed.remove("stripe");
    assert!(!current(&editor.save(), &changed));
}

#[test]
fn committed_drawings_are_kept_byte_for_byte() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../diagrams");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path().join("architecture.drawio");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for old in [format!("{text}\n"), Editor::open(&text).save()] {
            let merged = merge::merge(old.as_bytes(), &text, PLAIN).unwrap();
            assert!(merged.text == text, "{} differs", path.display());
            assert!(merged.report.notes.is_empty());
        }
        seen += 1;
    }
    assert!(seen > 1);
}
