//! What the camera of an authenticator app makes of the screen.

use crate::Tab;
use std::collections::BTreeMap;

/// A QR code with an `otpauth:` address, read off the pixels of a window.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// The whole address.
    pub url: String,
    /// The entry's name in the app: issuer and account.
    pub label: String,
    /// The parameters, such as `secret` and `issuer`.
    pub parameters: BTreeMap<String, String>,
}

impl Scanned {
    /// A parameter; empty where it is missing.
    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }
}

/// Points a camera at what the tab shows, with the QR code scrolled into view.
///
/// # Panics
/// When no such code can be seen.
pub async fn scan(tab: &Tab) -> Scanned {
    tab.eval("document.querySelector('#qr').scrollIntoView({ block: 'center', behavior: 'instant' })").await;
    tab.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))").await;
    let (width, height, pixels) = grey(&tab.picture().await);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
        pixels.get(y * width + x).copied().unwrap_or(u8::MAX)
    });
    let codes: Vec<String> =
        image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect();
    let url = codes.iter().find(|text| text.starts_with("otpauth://"));
    let url = url.unwrap_or_else(|| panic!("no code for an authenticator to see, but {codes:?}")).clone();
    let parsed = url::Url::parse(&url).unwrap();
    // A name and value of a query, though this one is the path: both are decoded the same way.
    let label = parsed.path().trim_start_matches('/').replace('+', "%2B");
    let label = url::form_urlencoded::parse(label.as_bytes()).next().map(|(name, _)| name.into_owned());
    let parameters = parsed.query_pairs().into_owned().collect();
    Scanned { label: label.unwrap_or_default(), parameters, url }
}

/// A picture's width, height and brightness of every pixel.
fn grey(picture: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(picture));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let samples = info.color_type.samples();
    let bright = |pixel: &[u8]| {
        let colours: Vec<u32> = pixel.iter().take(3.min(samples)).copied().map(u32::from).collect();
        u8::try_from(colours.iter().sum::<u32>() / u32::try_from(colours.len()).unwrap()).unwrap()
    };
    (width, height, bytes.chunks(samples).take(width * height).map(bright).collect())
}
