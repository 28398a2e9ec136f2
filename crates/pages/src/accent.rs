//! A pool's colour, turned into a small style sheet whose contrast is always enough.

/// Background of cards in the light scheme, and the darkest text on it must stay readable in both.
const LIGHT_PAPER: Rgb = Rgb([255, 255, 255]);
const DARK_PAPER: Rgb = Rgb([34, 33, 40]);
/// WCAG 2.2 1.4.3 asks for 4.5; a little more leaves room for tinted backgrounds.
const CONTRAST: f64 = 5.0;

#[derive(Clone, Copy)]
struct Rgb([u8; 3]);

impl Rgb {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self([r, g, b]))
    }

    /// WCAG relative luminance.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// One of sixteen steps towards black or white.
    fn towards(self, goal: u8, step: u8) -> Self {
        Self(self.0.map(|channel| {
            let mixed = (u16::from(channel) * u16::from(16 - step) + u16::from(goal) * u16::from(step)) / 16;
            u8::try_from(mixed).unwrap_or(goal)
        }))
    }

    /// The nearest shade that can be read on `paper`.
    fn readable_on(self, paper: Self, goal: u8) -> Self {
        (0..=16)
            .map(|step| self.towards(goal, step))
            .find(|shade| shade.contrast(paper) >= CONTRAST)
            .unwrap_or(Self([goal; 3]))
    }

    fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

/// The style sheet for an accent colour `#rrggbb`: the nearest shades of it that people can read, for light and
/// dark. `None` when it is not a colour of that form.
#[must_use]
pub fn accent_css(colour: &str) -> Option<String> {
    let colour = Rgb::parse(colour)?;
    let light = colour.readable_on(LIGHT_PAPER, 0);
    let dark = colour.readable_on(DARK_PAPER, 255);
    Some(format!(
        ":root{{--accent:{};--accent-hover:{};--on-accent:#ffffff}}\n\
         @media (prefers-color-scheme:dark){{:root{{--accent:{};--accent-hover:{};--on-accent:#16151b}}}}\n",
        light.hex(),
        light.towards(0, 3).hex(),
        dark.hex(),
        dark.towards(255, 4).hex(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_becomes_readable() {
        for colour in ["#000000", "#ffffff", "#ffee00", "#0000ff", "#777777", "#c0392b"] {
            let rgb = Rgb::parse(colour).unwrap();
            assert!(rgb.readable_on(LIGHT_PAPER, 0).contrast(Rgb([255; 3])) >= CONTRAST, "{colour} light");
            assert!(rgb.readable_on(DARK_PAPER, 255).contrast(DARK_PAPER) >= CONTRAST, "{colour} dark");
            assert!(rgb.readable_on(DARK_PAPER, 255).contrast(Rgb([0x16, 0x15, 0x1b])) >= CONTRAST);
        }
    }

    #[test]
    fn a_readable_colour_is_kept() {
        assert!(accent_css("#1d4ed8").unwrap().contains("--accent:#1d4ed8"));
    }

    #[test]
    fn only_colours_are_colours() {
        for bad in ["", "#fff", "red", "#12345g", "#1234567", "}body{", "#é234"] {
            assert!(accent_css(bad).is_none(), "{bad}");
        }
    }
}
