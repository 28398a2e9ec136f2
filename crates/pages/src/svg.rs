//! Lets a factor's QR code into a page, and nothing else that looks like an SVG.

const ELEMENTS: [&str; 4] = ["svg", "rect", "path", "g"];
const ATTRIBUTES: [&str; 12] = [
    "xmlns",
    "version",
    "width",
    "height",
    "viewBox",
    "shape-rendering",
    "fill",
    "x",
    "y",
    "d",
    "transform",
    "preserveAspectRatio",
];

/// The drawing without its XML prologue, if it consists of plain shapes only: no text, style, script, event or
/// link. Anything else is `None`.
pub(crate) fn plain_drawing(svg: &str) -> Option<&str> {
    let start = svg.find("<svg")?;
    let prologue = svg.get(..start)?.trim();
    if !(prologue.is_empty() || (prologue.starts_with("<?xml ") && prologue.ends_with("?>"))) {
        return None;
    }
    let drawing = svg.get(start..)?.trim();
    let mut rest = drawing;
    while !rest.is_empty() {
        let (tag, after) = rest.strip_prefix('<')?.split_once('>')?;
        if !plain_tag(tag) {
            return None;
        }
        rest = after.trim_start();
    }
    drawing.ends_with("</svg>").then_some(drawing)
}

fn plain_tag(tag: &str) -> bool {
    if let Some(name) = tag.strip_prefix('/') {
        return ELEMENTS.contains(&name);
    }
    let tag = tag.strip_suffix('/').unwrap_or(tag);
    let (name, mut rest) = match tag.split_once(char::is_whitespace) {
        Some((name, rest)) => (name, rest.trim()),
        None => (tag, ""),
    };
    while !rest.is_empty() {
        let Some((attribute, after)) = rest.split_once("=\"") else { return false };
        let Some((value, after)) = after.split_once('"') else { return false };
        let calm = value.chars().all(|c| c.is_ascii_alphanumeric() || " #.,-/:".contains(c));
        if !ATTRIBUTES.contains(&attribute) || !calm {
            return false;
        }
        rest = after.trim_start();
    }
    ELEMENTS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_pass_and_lose_their_prologue() {
        let svg = "<?xml version=\"1.0\" standalone=\"yes\"?><svg xmlns=\"http://www.w3.org/2000/svg\" \
                   version=\"1.1\" width=\"8\" height=\"8\" viewBox=\"0 0 8 8\" shape-rendering=\"crispEdges\">\
                   <rect x=\"0\" y=\"0\" width=\"8\" height=\"8\" fill=\"#ffffff\"/>\
                   <path fill=\"#000000\" d=\"M2 2h1v1H2V2\"/></svg>";
        assert!(plain_drawing(svg).unwrap().starts_with("<svg xmlns"));
    }

    #[test]
    fn anything_active_is_refused() {
        for bad in [
            "",
            "<script>alert(1)</script>",
            "<svg><script>alert(1)</script></svg>",
            "<svg onload=\"alert(1)\"></svg>",
            "<svg style=\"x\"></svg>",
            "<svg><a href=\"javascript:1\"></a></svg>",
            "<svg>text</svg>",
            "<svg></svg><img src=\"x\">",
            "<img src=\"x\"><svg></svg>",
            "<svg width=\"8",
        ] {
            assert!(plain_drawing(bad).is_none(), "{bad}");
        }
    }
}
