//! What a new password must be (NIST SP 800-63B-4 §3.1.1, ASVS 6.2): long enough, not leaked, not the user's own name.
//! No composition rules, no rotation, exact bytes.
//!
//! What is judged here is cheap, whatever was typed.

mod leaked;

pub use leaked::is_leaked;

/// The least length, in characters, where a password may stand alone.
pub const MIN_LENGTH: usize = 15;

/// The least length, in characters, where the pool asks every user for a second factor.
pub const MIN_LENGTH_WITH_MFA: usize = 8;

/// The most bytes that are ever hashed.
pub const MAX_BYTES: usize = 1024;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer characters than this.
    TooShort(usize),
    /// More than [`MAX_BYTES`] bytes.
    TooLong,
    /// Among the leaked or most common passwords, or one character repeated, or a run.
    Common,
    /// Contains the user's own name or address.
    Personal,
}

/// Judges a new password. `min` is the least length, `personal` lists the user's own names.
///
/// # Errors
/// The [`Weakness`] to tell the user.
pub fn judge(password: &str, min: usize, personal: &[&str]) -> Result<(), Weakness> {
    if password.len() > MAX_BYTES {
        return Err(Weakness::TooLong);
    }
    if password.chars().count() < min {
        return Err(Weakness::TooShort(min));
    }
    let folded = password.to_lowercase();
    if is_leaked(&folded) || is_monotone(&folded) {
        return Err(Weakness::Common);
    }
    let is_personal = personal
        .iter()
        .flat_map(|name| [name.to_lowercase(), name.split('@').next().unwrap_or_default().to_lowercase()])
        .any(|name| name.chars().count() >= 3 && name.len() * 2 >= folded.len() && folded.contains(&name));
    if is_personal { Err(Weakness::Personal) } else { Ok(()) }
}

/// One character repeated, a run such as `abcdefgh`, or a short unit repeated such as `abcabcabc`.
fn is_monotone(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let mut steps = codes.iter().zip(codes.iter().skip(1)).map(|(a, b)| b - a);
    let first = steps.next();
    let run = first.is_some_and(|first| first.abs() <= 1 && steps.all(|step| step == first));
    let repeated =
        (1..=codes.len() / 3).any(|unit| codes.iter().zip(codes.iter().skip(unit)).all(|(a, b)| a == b));
    run || repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_length_leaks_and_identity() {
        let check = |text: &str, min| judge(text, min, &["Alice.Liddell", "al@example.test"]);
        assert_eq!(check("short", 8), Err(Weakness::TooShort(8)));
        assert_eq!(check("seven é", 8), Err(Weakness::TooShort(8)));
        assert_eq!(check(&"x1y".repeat(400), 8), Err(Weakness::TooLong));
        assert_eq!(check("PassWord", 8), Err(Weakness::Common));
        assert_eq!(check("password123", 8), Err(Weakness::Common));
        for monotone in ["aaaaaaaaaaaaaaaa", "abcdefghijklmnop", "987654321", "abcabcabcabcabc"] {
            assert_eq!(check(monotone, 8), Err(Weakness::Common), "{monotone}");
        }
        assert_eq!(check("alice.liddell77", 8), Err(Weakness::Personal));
        assert_eq!(check("tulip over the moat", 15), Ok(()));
        assert_eq!(check("пароль из слов", 8), Ok(()));
    }
}
