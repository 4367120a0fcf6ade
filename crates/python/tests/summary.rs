//! What the front end makes of small pieces of Python, in the notation of [`python::dump`].

use facts::{Language as _, SourceFile};

fn dumped(source: &str) -> String {
    python::dump(&python::PYTHON.summarise(&SourceFile::new("app.py", source)))
}

/// The lines of the dump, without indentation, joined by ` ; `.
fn check(source: &str, expected: &str) {
    let dump = dumped(source);
    let lines: Vec<&str> = dump.lines().map(str::trim).collect();
    assert_eq!(lines.join(" ; "), expected, "{source}");
}

#[test]
fn literals() {
    check("x = 'a'", "x = \"a\"");
    check("x = 'a' \"b\"", "x = \"ab\"");
    check("x = r'\\d' '\\n\\101'", "x = \"\\\\d\\nA\"");
    check("x = b'a'", "x = \"a\"");
    check("x = '''a\nb'''", "x = \"a\\nb\"");
    check("x = 0x10 + 1_000", "x = (16 Add 1000)");
    check("x = -1", "x = -1");
    check("x = 1.5", "x = 1.5");
    check("x = [None, True, (1, 2), {3}]", "x = [null, true, [1, 2], [3]]");
    check("x = {'a': 1, **b}", "x = {\"a\": 1, **b}");
    check("x = [*a, 1]", "x = [*a, 1]");
}

#[test]
fn formatted_strings() {
    check("x = f'{a}-b'", "x = concat(a, \"-b\")");
    check("x = f'{{a}}{b!r:>10}'", "x = concat(\"{a}\", b)");
    check("x = f'{a[\"k\"]}' 'c'", "x = concat(a[\"k\"], \"c\")");
    check("x = '%s-x' % a", "x = (\"%s-x\" Rem a)");
    check("x = f'{f(\"a\")}'", "concat(f(\"a\")) ; x = concat(f(\"a\"))");
}

#[test]
fn operators() {
    check("x = a / 'b' | c", "x = ((a Div \"b\") Union c)");
    check("x = a and b or not c", "x = ((a And b) Or not c)");
    check("x = a < b < c", "x = ((a Compare b) And (b Compare c))");
    check("x = a is not b", "x = (a NotEq b)");
    check("x = a not in b", "x = (a NotIn b)");
    check("x = a if b else c", "x = (b ? a : c)");
    check("x = (a  # why\n  if b else c)", "x = (b ? a : c)");
    check("x = -f()", "(0 Arithmetic f()) ; x = (0 Arithmetic f())");
    check("x = a[f():]", "f() ; a[:] ; x = a[:]");
    check("x = a[1, 'b']", "x = a[[1, \"b\"]]");
    check("x += 'a'", "x = (x Add \"a\")");
    check("x = 'a'\nx += 'b'", "x = (\"a\" Add \"b\")");
}

#[test]
fn calls() {
    check("f(1, *a, k=2, **b)", "f(1, *a, k=2, **b)");
    check("t(  # why\n  x)", "t(x)");
    check("f(x for x in y)", "f(made([each(y)]))");
    check("a.b().c()", "a.b().c()");
    check(
        "x = await_(y)\nasync def f():\n  return await g()",
        "await_(y) ; f = function 1 ; x = await_(y) ; f(): ; return g()",
    );
    check("print('x')", "print(\"x\")");
    check(
        "print 'x', f()",
        "f() ; python-syntax: this is not Python at module level (Simple statements must be separated by newlines or semicolons); what it does may be incomplete",
    );
}

#[test]
fn assignments() {
    check("a, b = 1, 2", "a = 1 ; b = 2");
    check("a, *b = f()", "f() ; a = f()[0] ; b = f()[:]");
    check("a = b = f()", "f() ; a = f() ; b = f()");
    check("(a := f()).g()", "f().g() ; a = f()");
    check("a.b = c", "a.b = c");
    check("a['k'] = f()", "f() ; a[\"k\"] = f()");
    check("x: str = 'a'\ny: int", "x = \"a\"");
    check("def f():\n  global x\n  x = 1\n  return x", "f = function 1 ; f(): ; global x = 1 ; return x");
    check("del a[f()]\nassert g()", "a[f()] ; g()");
}

#[test]
fn branches() {
    check("if c:\n  x = 1\nelse:\n  x = 2", "if c: ; x = (c ? 1 : 2)");
    check("x = 1\nif c:\n  x = 2", "if c: ; x = (c ? 2 : 1)");
    check(
        "if a:\n  x = 1\nelif f():\n  x = 2\nelse:\n  x = 3",
        "if a: ; else: ; f() ; if f(): ; x = (a ? 1 : (f() ? 2 : 3))",
    );
    check(
        "def f(a):\n  if a:\n    x = 1\n    return x\n  x = 2\n  return x",
        "f = function 1 ; f(a): ; if $a: ; return 1 ; return 2",
    );
    check(
        "def f(a):\n  if a:\n    x = 1\n    raise E()\n  return x",
        "f = function 1 ; f(a): ; if $a: ; E() ; raise ; return 1",
    );
    check("if False:\n  f()\nelse:\n  g()", "g()");
    check(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import a\n  f()",
        "TYPE_CHECKING = typing:TYPE_CHECKING ; a = module a ; imports a typing typing.TYPE_CHECKING",
    );
    check("def f():\n  return 1\n  g()", "f = function 1 ; f(): ; return 1");
    check(
        "if __name__ == '__main__':\n  main()\n  x = lambda: 1\nelse:\n  g()",
        "g() ; __main__(): ; main() ; __main__.<lambda>(): ; return 1",
    );
}

#[test]
fn loops_and_handlers() {
    check("for a in b:\n  f(a)", "for each(b): ; f(each(b)) ; a = oneof(each(b))");
    check(
        "for k, v in b.items():\n  f(v)\nelse:\n  g()",
        "b.items() ; each(b.items()) ; for each(b.items()): ; f(each(b.items())[1]) ; g() ; k = oneof(each(b.items())[0]) ; v = oneof(each(b.items())[1])",
    );
    check(
        "x = 1\nfor a in b:\n  if a: continue\n  x = x + a\nfor a in b: break",
        "for each(b): ; if each(b): ; continue ; for each(b): ; break ; \
         a = oneof(oneof(each(b)), each(b)) ; x = oneof(1, (oneof(1) Add each(b)))",
    );
    check("x = 1\nwhile f():\n  x = 2\nelse:\n  g()", "f() ; g() ; x = oneof(1, 2)");
    check(
        "try:\n  x = f()\nexcept E as e:\n  x = None\n  g(e)\nelse:\n  h()\nfinally:\n  i()",
        "f() ; maybe: ; g(?) ; h() ; i() ; e = ? ; x = oneof(f(), null)",
    );
    check(
        "def f():\n  try:\n    x = g()\n  except E:\n    x = 1\n    return 0\n  return x",
        "f = function 1 ; f(): ; g() ; maybe: ; return 0 ; return g()",
    );
    check("try:\n  import a\nexcept ImportError:\n  import b as a", "a = oneof(module a, module b) ; imports a b");
    check("try:\n  f()\nexcept E, e:\n  g()", "f() ; maybe: ; g()");
    check(
        "with f() as a, g():\n  a.h()",
        "f() ; enter(f()) ; g() ; enter(g()) ; enter(f()).h() ; leave g() ; leave f() ; a = enter(f())",
    );
    check(
        "with (f() as a, g() as b):\n  h(a, b)",
        "f() ; enter(f()) ; g() ; enter(g()) ; h(enter(f()), enter(g())) ; leave g() ; leave f() ; a = enter(f()) ; b = enter(g())",
    );
    check(
        "def f():\n  yield 1\n  yield from g()\n  x = yield h()",
        "f = function 1 ; f(): ; yield 1 ; g() ; yield each(g()) ; yield h() ; ?",
    );
}

#[test]
fn matches() {
    check(
        "match a:\n  case 'x' | 'y':\n    f()\n  case _:\n    g()",
        "if ((a Eq \"x\") Or (a Eq \"y\")): ; f() ; else: ; g()",
    );
    check(
        "match a:\n  case {'k': k}:\n    f(k)\n  case [1, b]:\n    g(b)",
        "if ?: ; f(a[\"k\"]) ; else: ; maybe: ; g(?) ; b = ? ; k = a[\"k\"]",
    );
    check(
        "match a:\n  case 1:\n    x = 1\n  case other:\n    x = other",
        "if (a Eq 1): ; other = a ; x = ((a Eq 1) ? 1 : a)",
    );
    check("match a:\n  case C(b) if f():\n    g()", "maybe: ; f() ; g() ; b = ?");
}

#[test]
fn comprehensions() {
    check("x = [f(a) for a in b if g(a)]", "made([f(each(b))] if g(each(b))) ; x = made([f(each(b))] if g(each(b)))");
    check("x = {k: v for k, v in b}", "x = made({each(b)[0]: each(b)[1]})");
    check("x = [a for b in c for a in b]", "x = made(made([each(each(c))]))");
    check("x = [lambda: a for a in b]", "x = made([function 1]) ; <lambda>(): ; return captured 1");
    check(
        "def f(b):\n  return [lambda: a for a in b]",
        "f = function 1 ; f(b): ; return made([function 2]) ; f.<lambda>(): ; return captured 1",
    );
}

#[test]
fn functions() {
    check("def f(a: T, b=1, *c, d, **e): pass", "f = function 1 ; f(a: T, b=1, *c, named d, **e):");
    check(
        "def f():\n  def g():\n    return x\n  x = 1\n  return g",
        "f = function 1 ; f(): ; return function 2 ; f.g(): ; return captured 1",
    );
    check(
        "x = lambda a: [b for b in f(a)]",
        "x = function 1 ; <lambda>(a): ; f($a) ; each(f($a)) ; return made([each(f($a))])",
    );
    check("@d(1)\ndef f(): pass", "function 1 ; f = function 1 ; @d(1) ; f():");
    check(
        "def f():\n  def main(): pass\ndef main(): pass",
        "f = function 1 ; main = function 2 ; f(): ; main(): ; f.main():",
    );
}

#[test]
fn classes() {
    check(
        "class A(B, metaclass=M):\n  x = 1\n  y: str\n  def f(self):\n    self.z = self.x",
        "class 0 ; A = class 0 ; A.f(self): ; $self.z = $self.x ; class A(B): f | x = 1, y = ?",
    );
    check(
        "class A:\n  @property\n  def p(self): return 1\n  @p.setter\n  def p(self, v): f(v)",
        "A = class 0 ; A.p(self): ; return 1 ; @function 1.setter ; A.p(self, v): ; f($v) ; class A(): p |",
    );
    check(
        "class A:\n  @staticmethod\n  def s(): pass\n  @classmethod\n  def c(cls): return cls()",
        "A = class 0 ; A.s(): ; A.c(cls): ; return $cls() ; class A(): c, s |",
    );
    check(
        "class A:\n  class B:\n    def f(self): return super().f()",
        "A = class 0 ; A.B.f(self): ; return super.f() ; class A():  | B = class 1 ; class A.B(): f |",
    );
    check("class A:\n  k = lambda self: 1", "A = class 0 ; <lambda>(self): ; return 1 ; class A(): k |");
}

#[test]
fn imports() {
    check("import a.b", "a = module a ; imports a a.b");
    check("import a.b as c", "c = module a.b ; imports a a.b");
    check("from a import b as c, d", "c = a:b ; d = a:d ; imports a a.b a.d");
    check("from . import a\nfrom ..b import c", "a = .:a ; c = ..b:c ; imports . ..b ..b.c .a");
    check("from a import *", "* = a ; imports a");
    check("from __future__ import annotations", "");
    check("def f():\n  import a\n  a.g()", "f = function 1 ; f(): ; module a.g() ; imports a");
}

#[test]
fn broken_code_keeps_what_is_fine() {
    check(
        "def f(:\n  g()\ndef h(): return 1",
        "f = function 1 ; h = function 2 ; f(g): ; h(): ; return 1 ; python-syntax: this is not Python in `f` (Expected a parameter or the end of the parameter list); what it does may be incomplete ; python-syntax: this is not Python in `f` (Expected `)`, found `(`); what it does may be incomplete",
    );
    check(
        "x = (\ny = 1",
        "x = ? ; y = 1 ; python-syntax: this is not Python at module level (unexpected EOF while parsing); what it does may be incomplete",
    );
}

#[test]
fn places_count_characters_and_stand_at_the_name_called() {
    let unit = python::PYTHON.summarise(&SourceFile::new("app.py", "x = 'é'; a.b(\n  'é')\n(t\n  .put(1))\n"));
    let calls: Vec<(u32, u32, String)> = unit.functions[0]
        .values
        .iter()
        .filter_map(|v| match v {
            facts::code::Value::Call(call) => Some((call.position.line, call.position.column, call.what.to_string())),
            _ => None,
        })
        .collect();
    assert_eq!(calls, [(1, 12, "a.b('é')".to_owned()), (4, 4, "t.put(1)".to_owned())]);
}

fn codes(source: &str) -> Vec<&'static str> {
    let unit = python::PYTHON.summarise(&SourceFile::new("app.py", source));
    unit.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn deep_code_is_cut_and_long_code_is_not() {
    assert_eq!(codes(&format!("x = {}1{}", "[".repeat(1_000), "]".repeat(1_000))), ["too-deep"]);
    assert_eq!(codes(&format!("x = {}1{}", "(".repeat(10_000), ")".repeat(10_000))), ["too-deep"]);
    assert_eq!(codes(&format!("x = {}a", "a + ".repeat(50_000))), [""; 0]);
    assert_eq!(codes(&format!("x = {}a", "a and ".repeat(5_000))), [""; 0]);
    let nested = (0..100).map(|i| format!("{}def f():\n", " ".repeat(i))).collect::<Vec<_>>().concat();
    python::PYTHON.summarise(&SourceFile::new("app.py", nested + &" ".repeat(100) + "pass\n"));
}

#[test]
fn many_branches_take_linear_time() {
    let names = (0..2_000).map(|i| format!("v{i} = {i}\n")).collect::<Vec<_>>().concat();
    let branches = (0..10_000).map(|i| format!("if c:\n  v{} = f()\n", i % 2_000)).collect::<Vec<_>>().concat();
    let began = std::time::Instant::now();
    assert_eq!(codes(&(names + &branches)), [""; 0]);
    assert!(began.elapsed().as_secs() < 20);
}

#[test]
fn code_inside_a_template_stands_at_its_lines() {
    let unit = python::summarise_inline("def f():\n  g()\n", &facts::Place::new("t.yaml", 10, 5));
    assert_eq!(unit.functions[1].position.line, 10);
}
