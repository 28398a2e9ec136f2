//! A tuple as a parameter is a way around the limit of arguments: values that belong together get a struct with names.

use super::{is_test_module, module_path, outside_tests, sources, test_modules, text};

/// A parameter that is taken apart as a tuple: `(a, b): (A, B)`.
fn is_tuple(parameter: &str) -> bool {
    let pattern = parameter.trim();
    pattern.strip_prefix("mut ").unwrap_or(pattern).starts_with('(')
}

/// The text up to the bracket that closes what is open at its beginning, and what is left.
fn up_to_the_end(text: &str) -> (&str, &str) {
    let mut depth = 1_usize;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '>' if before != '-' && before != '=' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&text[..at], &text[at + 1..]);
        }
        before = c;
    }
    (text, "")
}

/// The parameters of a list.
fn parameters(list: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), list);
    while !rest.is_empty() {
        let (mut end, mut at) = (rest.len(), 0);
        while let Some(next) = rest[at..].find([',', '(', '[', '{', '<']) {
            if rest[at + next..].starts_with(',') {
                end = at + next;
                break;
            }
            let inside = at + next + 1;
            at = inside + up_to_the_end(&rest[inside..]).0.len() + 1;
            if at > rest.len() {
                break;
            }
        }
        found.push(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    found
}

/// The functions of a source that take a tuple, by name. Closures have no name.
fn functions_with_tuples(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices("fn ") {
        let is_word = source[..at].chars().next_back().is_none_or(|c| c.is_whitespace());
        let signature = &source[at + 3..];
        let name_ends = signature.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(0);
        let (name, mut rest) = signature.split_at(name_ends);
        if !is_word || name.is_empty() {
            continue;
        }
        if let Some(generics) = rest.strip_prefix('<') {
            rest = up_to_the_end(generics).1;
        }
        let Some(list) = rest.strip_prefix('(') else { continue };
        if parameters(up_to_the_end(list).0).into_iter().any(is_tuple) {
            found.push(name.to_owned());
        }
    }
    found
}

/// The code without comments and unit tests.
fn code(source: &str) -> String {
    let lines = outside_tests(source).0.into_iter();
    let lines = lines.map(|line| line.split("//").next().unwrap_or_default().trim_end());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_function_takes_a_tuple() {
    let all = sources();
    let of_tests = test_modules();
    let mut seen = 0;
    let mut faults = Vec::new();
    for path in all.iter().filter(|path| !is_test_module(path, &of_tests)) {
        let code = code(&text(path).expect("Rust is text"));
        seen += code.matches("fn ").count();
        faults.extend(functions_with_tuples(&code).iter().map(|name| format!("{}: {name}", path.display())));
    }
    assert!(seen > 1_500, "only {seen} functions were found: the test reads the sources wrongly");
    assert!(faults.is_empty(), "give the values a struct, or take them one by one:\n{}", faults.join("\n"));
}

#[test]
fn tuples_are_found_in_signatures_and_nowhere_else() {
    let found = |source: &str| functions_with_tuples(source).join(" ");
    assert_eq!(found("fn a((one, two): (A, B)) {}"), "a");
    assert_eq!(
        found("    pub async fn b<T: Fn(A) -> B>(\n        &self,\n        (one, two): (A, T),\n    ) {}"),
        "b"
    );
    assert_eq!(found("fn d(x: A, (mut one, two): (A, Vec<B>)) {}"), "d");
    assert_eq!(found("fn e(x: &[(A, B)], run: impl Fn((A, B)) -> C, key: &(A, B)) -> (A, B) {}"), "");
    assert_eq!(found("let pairs = map(|(one, two)| one); struct F(fn(&(A, B)) -> C);"), "");
    assert_eq!(
        code("fn a() {}\n// fn b((c, d): (C, D)) {}\n#[cfg(test)]\nmod tests {\nfn e() {}\n}"),
        "fn a() {}\n"
    );
    assert_eq!(module_path(std::path::Path::new("src/a.rs"), "tests"), std::path::Path::new("src/a/tests"));
}
