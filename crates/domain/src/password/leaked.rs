//! Passwords that became known (NIST SP 800-63B-4 §3.1.1.2), with the variations that people and guessers make of them.

use super::is_monotone;

/// Entries in lower case, sorted by bytes, one a line. Where they come from is told in `data/README.md`.
const LIST: &str = include_str!("../../data/leaked-passwords.txt");

/// The longest text that is looked at, in characters: no variation of an entry is longer.
const LONGEST: usize = 64;

/// The shortest entry that makes what surrounds it worthless, in characters.
const SHORTEST_STEM: usize = 4;

/// Digits that anybody would guess, whatever they are.
const FEW_DIGITS: usize = 4;

/// Signs that add nothing to a password.
const FEW_SIGNS: usize = 3;

/// Whether a password is a leaked one, or one with its letters exchanged for look-alikes, parted by spaces, or with
/// numbers and signs around it that anybody would try: `P@ssw0rd 123456!` is `password`. `folded` is in lower case.
pub fn is_leaked(folded: &str) -> bool {
    let text: Vec<char> = folded.chars().take(LONGEST + 1).collect();
    if text.len() > LONGEST {
        return false;
    }
    let first = text.iter().take_while(|c| !c.is_alphabetic()).count();
    let last = text.len() - text.iter().rev().take_while(|c| !c.is_alphabetic()).count();
    if is_listed(folded) || (last <= first && is_predictable(&text)) {
        return true;
    }
    // Signs at an end may be letters in disguise or not.
    let starts = if first == 0 { vec![0] } else { vec![0, first] };
    starts.into_iter().any(|start| {
        (last..=text.len()).any(|end| match (text.get(..start), text.get(start..end), text.get(end..)) {
            (Some(before), Some(stem), Some(after)) => {
                is_predictable(before) && is_predictable(after) && is_stem(stem)
            }
            _ => false,
        })
    })
}

/// Whether digits and signs add nothing: few of each, or numbers that are listed themselves, runs, or dates.
fn is_predictable(text: &[char]) -> bool {
    let groups = text.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    let mut signs = Vec::new();
    let numbers = groups.fold(true, |all, group| {
        if group.first().is_some_and(char::is_ascii_digit) {
            all && is_common_number(group)
        } else {
            signs.extend_from_slice(group);
            all
        }
    });
    let ascii = signs.iter().all(|sign| sign.is_ascii_punctuation() || *sign == ' ');
    let one_repeated = signs.iter().zip(signs.iter().skip(1)).all(|(a, b)| a == b);
    numbers && ascii && (signs.len() <= FEW_SIGNS || one_repeated)
}

fn is_common_number(digits: &[char]) -> bool {
    let text: String = digits.iter().collect();
    let year = |at: usize| text.get(at..at + 2).is_some_and(|century| matches!(century, "19" | "20"));
    let date = digits.len() == 8 && (year(0) || year(4));
    digits.len() <= FEW_DIGITS || date || is_listed(&text) || is_monotone(&text)
}

/// Whether letters, some of them perhaps exchanged for look-alikes, are an entry of the list.
fn is_stem(text: &[char]) -> bool {
    let with = |one: char| -> String {
        let parted = text.iter().filter(|c| !matches!(c, ' ' | '_' | '-' | '.'));
        parted.map(|c| if matches!(c, '1' | '!' | '|') { one } else { letter_of(*c) }).collect()
    };
    let listed = |word: String| word.chars().count() >= SHORTEST_STEM && is_listed(&word);
    let as_typed: String = text.iter().collect();
    listed(as_typed) || listed(with('i')) || listed(with('l'))
}

/// The letter that a sign stands for.
const fn letter_of(sign: char) -> char {
    match sign {
        '@' | '4' => 'a',
        '8' => 'b',
        '(' | '<' => 'c',
        '3' => 'e',
        '6' | '9' => 'g',
        '0' => 'o',
        '$' | '5' => 's',
        '7' | '+' => 't',
        '2' => 'z',
        other => other,
    }
}

fn is_listed(word: &str) -> bool {
    let (mut low, mut high) = (0, LIST.len());
    while low < high {
        let middle = low.midpoint(high);
        let (Some(before), Some(after)) = (LIST.get(..middle), LIST.get(middle..)) else { return false };
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = after.find('\n').map_or(LIST.len(), |at| middle + at);
        match LIST.get(start..end).map(|line| line.cmp(word)) {
            Some(std::cmp::Ordering::Less) => low = end + 1,
            Some(std::cmp::Ordering::Greater) => high = start,
            Some(std::cmp::Ordering::Equal) => return true,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_found_and_nothing_else() {
        let entries: Vec<&str> = LIST.lines().collect();
        assert!(entries.len() > 15_000, "{}", entries.len());
        assert!(entries.is_sorted() && LIST.is_ascii());
        for entry in &entries {
            assert!(is_listed(entry), "{entry}");
            assert!(!is_listed(&format!("{entry}\u{7f}")) && !is_listed(&format!("\t{entry}")), "{entry}");
        }
        assert!(!is_listed("") && !is_listed("\n"));
    }

    #[test]
    fn fault_s14_variations_of_leaked_passwords_are_leaked() {
        for leaked in [
            "Password123456!",
            "P@ssw0rd 2024!!",
            "passw0rd12345678",
            "Qwerty1234567890",
            "1LoveYou20011231",
            "iloveyou.iloveyou"[..8].to_owned().as_str(),
            "!!!letmein!!!123",
            "Dr4g0n-19991999!",
            "123456789012345",
            "2024password2024",
            "pass word 111111",
            "B@seb@ll!!!!!!!!",
        ] {
            assert!(is_leaked(&leaked.to_lowercase()), "{leaked}");
        }
        for fine in [
            "tulip over the moat",
            "correct horse battery staple",
            "пароль из четырёх слов",
            "master8305712946",
            "k7#wQz-91_vLp)2",
            "a quite different phrase 9",
            "Sommerregen auf Blechdach 3",
        ] {
            assert!(!is_leaked(&fine.to_lowercase()), "{fine}");
        }
    }
}
