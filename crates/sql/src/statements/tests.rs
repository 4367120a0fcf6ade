use super::*;

fn check(text: &str, expected: &str) {
    let found = read(text);
    let list = |sign: &str, names: &BTreeSet<String>| names.iter().map(|n| format!("{sign}{n}")).collect::<Vec<_>>();
    let mut all = list("<", &found.reads);
    all.extend(list(">", &found.writes));
    all.extend(list("!", &found.calls));
    all.extend((!found.computed.is_empty()).then(|| "?".to_owned()));
    assert_eq!(all.join(" "), expected, "{text}");
}

#[test]
fn reads() {
    check("SELECT * FROM orders WHERE id = :id", "<orders");
    check(
        "select o.id from shop.orders o join `items` i on i.o = o.id left join \"Users\" u using (id)",
        "<Users <items <shop.orders",
    );
    check("SELECT 1 FROM a, b AS x, c y WHERE a.i IN (SELECT i FROM d)", "<a <b <c <d");
    check("WITH t AS (SELECT * FROM a), u (x) AS (SELECT 1 FROM b) SELECT * FROM t JOIN u", "<a <b");
    check("(SELECT id FROM a) UNION (SELECT id FROM b)", "<a <b");
    check("SELECT EXTRACT(YEAR FROM placed) FROM orders WHERE a IS DISTINCT FROM b", "<orders");
    check("SELECT * FROM a FOR UPDATE", "<a");
    check("SELECT '-- FROM no' AS x FROM a -- FROM b\n /* FROM c */", "<a");
    check("SELECT 'it''s FROM b' FROM a", "<a");
}

#[test]
fn writes() {
    check("INSERT INTO orders (id) VALUES (:id)", ">orders");
    check("insert ignore into orders values (1) on duplicate key update n = 2", ">orders");
    check("INSERT INTO a SELECT * FROM b", "<b >a");
    check("UPDATE orders SET a = (SELECT max(a) FROM items) WHERE id = '$ctx.args.id'", "<items >orders");
    check("DELETE FROM orders WHERE id = 1", ">orders");
    check("DELETE o FROM orders o JOIN items i ON i.o = o.id", "<items <orders >orders");
    check("REPLACE INTO orders VALUES (1)", ">orders");
    check("TRUNCATE TABLE orders; SELECT REPLACE(a, 'x', 'y') FROM b", "<b >orders");
    check("MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN UPDATE SET n = 1", "<b >a");
    check("WITH x AS (INSERT INTO a VALUES (1) RETURNING id) SELECT * FROM x", ">a");
    check("INSERT INTO a VALUES (1); SELECT * FROM a WHERE id = LAST_INSERT_ID()", "<a >a");
}

#[test]
fn calls() {
    check("CALL place_order(:id, '$ctx.args.x')", "!place_order");
    check("CALL shop.place_order", "!shop.place_order");
    check("SELECT order_total(:id)", "!order_total");
    check("SELECT order_total(:id) AS total FROM dual", "");
    check("SELECT * FROM list_orders(:id)", "!list_orders");
    check("SELECT now()", "");
    check("SELECT count(*) FROM unnest(:ids)", "");
}

#[test]
fn functions_beside_tables() {
    let check = |text: &str, expected: &[&str]| {
        assert_eq!(read(text).functions.into_iter().collect::<Vec<_>>(), expected, "{text}");
    };
    check("SELECT week_label(o.at), count(*) FROM orders o WHERE shop.open(o.id)", &["shop.open", "week_label"]);
    check("SELECT * FROM a WHERE id IN (SELECT id FROM b) AND x = ANY(%s)", &[]);
    check("INSERT INTO orders (id) VALUES (next_id())", &["next_id"]);
    check("WITH t (a) AS (SELECT 1) SELECT a FROM t", &[]);
    check("SELECT order_total(%s)", &[]);
}

#[test]
fn definitions() {
    check("DROP TABLE IF EXISTS a, shop.b CASCADE", ">a >shop.b");
    check("TRUNCATE a, b", ">a >b");
    check("RENAME TABLE a TO old_a, b TO a", ">a >b >old_a");
    check("CREATE TABLE a (id INT, total DECIMAL(10, 2))", ">a");
    assert_eq!(read("CREATE TABLE a (id INT, total DECIMAL(10, 2))").functions, BTreeSet::new());
    assert_eq!(read("COPY a (id) FROM 's3://b/c' IAM_ROLE 'x'").functions, BTreeSet::new());
    let made = read("CREATE TABLE a AS SELECT rounded(total) FROM b").functions;
    assert_eq!(made, BTreeSet::from(["rounded".to_owned()]));
}

#[test]
fn queries_that_are_put_somewhere() {
    check("SELECT * INTO TEMP copies FROM orders", "<orders >copies");
    check("SELECT * FROM orders INTO OUTFILE '/tmp/x'", "<orders");
    check("SELECT id INTO @id FROM orders", "<orders");
    check(
        "UNLOAD ('SELECT * FROM orders WHERE x = ''y'' AND z IN (SELECT z FROM items)') TO 's3://b/c'",
        "<items <orders",
    );
    check("unload (select 1)", "");
}

#[test]
fn queries_that_are_explained_and_tables_of_the_database_itself() {
    check("EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM orders", "<orders");
    check("EXPLAIN", "");
    check("SELECT * FROM svv_table_info JOIN stv_blocklist b ON 1 = 1 JOIN orders o ON 1 = 1", "<orders");
}

#[test]
fn placeholders_of_code_are_no_names() {
    check("SELECT * FROM orders WHERE id = %s AND n = %(n)s", "<orders");
    check("INSERT INTO %s VALUES (1)", "?");
    check("SELECT * FROM ${?} WHERE a LIKE '%s'", "?");
}

#[test]
fn computed_names_are_no_names() {
    check("SELECT * FROM $table WHERE id = 1", "?");
    check("SELECT * FROM ${schema}.orders", "<orders");
    check("DELETE FROM orders_$stage", "?");
    check("SELECT * FROM :table", "?");
    check("SELECT * FROM orders WHERE x = '${x}' AND y = $util.toJson($ctx.args.get(\"from\"))", "<orders");
}

#[test]
fn what_is_no_statement_does_nothing() {
    for text in
        ["", ";;", "from a", "the update of orders", "SET @a = 1", "BEGIN", "((((", "SELECT", "SELECT FROM", "UPDATE"]
    {
        check(text, "");
    }
}

#[test]
fn hostile_texts_end() {
    for piece in ["(", "'", "$a(", "${", "/*", "--", "SELECT * FROM a,", "WITH a (", "é", "`", ":", "FROM "] {
        for verb in ["SELECT", "COPY a"] {
            let _ = read(&format!("{verb} {}", piece.repeat(1_000_000 / piece.len())));
        }
    }
}
