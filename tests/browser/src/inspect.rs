//! What every page must satisfy, in light and dark, on phones and desks.

use crate::{NODE_TOOLS, Tab, tools};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every page is looked at in these: width, height, dark.
const LOOKS: &[(i64, i64, bool)] = &[
    (320, 640, false),
    (320, 640, true),
    (390, 844, true),
    (1280, 800, true),
    (390, 844, false),
    (1280, 800, false),
];

/// A variable that names a directory: where it is set, every look is kept there as a picture.
const PICTURES: &str = "VESTIBULE_TEST_PICTURES";

/// What does not fit the window. The window's own scroll width is not enough: a box that hides its overflow cuts
/// things off without a scroll bar. What scrolls in a box of its own is fine, and so is a skip link that waits outside.
const OVERFLOW: &str = "(() => {
  const width = document.documentElement.clientWidth;
  const scrolls = e => e && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const out = Array.from(document.querySelectorAll('body *:not(.skip)')).filter(e => {
    const b = e.getBoundingClientRect();
    return e.checkVisibility() && b.width > 1 && (b.right > width + 1 || b.left < -1) && !scrolls(e.parentElement);
  });
  if (out.length === 0 && document.documentElement.scrollWidth <= width) return null;
  return out.map(e => e.tagName + '#' + e.id + '.' + e.className).slice(0, 8).join(', ') || 'something';
})()";

/// Numbers the controls that a person can use.
const CONTROLS: &str = "(() => {
  document.activeElement?.blur();
  const all = Array.from(document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary'))
    .filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0);
  window.vestibuleControls = all;
  return all.length;
})()";

/// Which of them has the focus, and what of it can be seen.
const FOCUSED: &str = "(() => {
  const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  return [window.vestibuleControls.indexOf(e),
    s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
    b.width > 4 && b.height > 4 && b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth,
    e.outerHTML.slice(0, 120)];
})()";

/// Looks at pages, and remembers what is wrong.
pub struct Inspector {
    axe: String,
    wrong: Vec<String>,
    seen: BTreeSet<String>,
    seen_so_far: usize,
}

impl Inspector {
    /// With the accessibility checker from npm; `None` with a notice when that is missing.
    ///
    /// # Panics
    /// When the variable names a directory without it.
    pub fn new() -> Option<Self> {
        let [directory] = tools([NODE_TOOLS])?;
        let axe = std::fs::read_to_string(directory.join("node_modules/axe-core/axe.min.js")).unwrap();
        Some(Self { axe, wrong: Vec::new(), seen: BTreeSet::new(), seen_so_far: 0 })
    }

    /// Looks at the page that a tab shows, in every look. `name` is the template it is made of, then anything.
    pub async fn look(&mut self, tab: &Tab, name: &str) {
        self.seen.insert(name.split(' ').next().unwrap_or_default().to_owned());
        for (width, height, dark) in LOOKS {
            tab.size(*width, *height).await;
            tab.dark(*dark).await;
            let look = format!("{name}, {width} px, {}", if *dark { "dark" } else { "light" });
            if let Some(what) = tab.eval(OVERFLOW).await.as_str() {
                self.wrong.push(format!("{look}: wider than the window: {what}"));
            }
            self.check_accessibility(tab, &look).await;
            if let Some(directory) = std::env::var_os(PICTURES) {
                let file = format!("{:03} {look}.png", self.seen_so_far);
                std::fs::write(std::path::Path::new(&directory).join(file), tab.picture().await).unwrap();
            }
        }
        self.seen_so_far += 1;
        self.walk(tab, name).await;
        let title = tab.eval("document.title").await;
        if title.as_str().is_none_or(|title| title.trim().len() < 5) {
            self.wrong.push(format!("{name}: no title"));
        }
        for complaint in tab.complaints() {
            self.wrong.push(format!("{name}: console: {complaint}"));
        }
    }

    async fn check_accessibility(&mut self, tab: &Tab, look: &str) {
        if tab.eval("typeof axe").await == "undefined" {
            tab.eval(&format!("{};null", self.axe)).await;
        }
        let run = "axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.map(v =>
            v.id + ' (' + v.help + '): ' + v.nodes.map(n => n.target.join(' ') + ' ' +
            n.failureSummary.replace(/\\s+/g, ' ')).join(' | ')))";
        let violations: Vec<String> = serde_json::from_value(tab.eval(run).await).unwrap();
        self.wrong.extend(violations.into_iter().map(|violation| format!("{look}: {violation}")));
    }

    /// Walks through the page with the Tab key: every control is reached, and it can be seen where one is.
    async fn walk(&mut self, tab: &Tab, name: &str) {
        let controls = tab.eval(CONTROLS).await.as_u64().unwrap();
        let mut reached = BTreeSet::new();
        for _ in 0..controls * 2 + 6 {
            if reached.len() as u64 == controls {
                break;
            }
            tab.key("Tab").await;
            let focused = tab.eval(FOCUSED).await;
            let (Some(index), element) = (focused.get(0).and_then(Value::as_u64), focused.get(3)) else {
                continue;
            };
            if reached.insert(index) {
                for (place, what) in [(1, "no visible focus"), (2, "focused out of sight")] {
                    if focused.get(place) != Some(&Value::Bool(true)) {
                        self.wrong.push(format!("{name}: {what}: {element:?}"));
                    }
                }
            }
        }
        if reached.len() as u64 != controls {
            let missed: Vec<u64> = (0..controls).filter(|index| !reached.contains(index)).collect();
            let script = format!("{missed:?}.map(i => window.vestibuleControls[i].outerHTML.slice(0, 120))");
            let missed = tab.eval(&script).await;
            self.wrong.push(format!("{name}: the Tab key never reaches {missed}"));
        }
    }

    /// The names of what was looked at.
    pub fn seen(&self) -> &BTreeSet<String> {
        &self.seen
    }

    /// What was wrong so far.
    pub fn wrong(&self) -> &[String] {
        &self.wrong
    }

    /// Ends the inspection.
    ///
    /// # Panics
    /// When anything was wrong.
    pub fn finish(self) {
        assert!(self.wrong.is_empty(), "{} things are wrong:\n{}", self.wrong.len(), self.wrong.join("\n"));
    }
}
