//! PNG with 256 colours: pages have few, and such a picture takes a third of the room.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

type Colour = [u8; 3];

/// The same picture with a palette of its most frequent colours. Rarer ones become the nearest of these.
pub(crate) fn paletted(picture: &[u8]) -> Vec<u8> {
    let (width, height, pixels) = decoded(picture);
    let (palette, of) = palette(&pixels);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    // What PNG recommends for indexed colours: neighbours in a palette have nothing in common.
    encoder.set_filter(png::Filter::NoFilter);
    let indices: Vec<u8> = pixels.iter().map(|pixel| of[pixel]).collect();
    encoder.write_header().unwrap().write_image_data(&indices).unwrap();
    file
}

fn decoded(picture: &[u8]) -> (u32, u32, Vec<Colour>) {
    let mut decoder = png::Decoder::new(Cursor::new(picture));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    let colour = |mut samples: &[u8]| {
        let mut colour = Colour::default();
        samples.read_exact(&mut colour).unwrap();
        colour
    };
    let samples = info.color_type.samples();
    let count = info.width as usize * info.height as usize;
    (info.width, info.height, bytes.chunks(samples).take(count).map(colour).collect())
}

/// Up to 256 colours, and which of them stands for each colour that there is.
fn palette(pixels: &[Colour]) -> (Vec<Colour>, BTreeMap<Colour, u8>) {
    let mut often = BTreeMap::<Colour, usize>::new();
    for pixel in pixels {
        *often.entry(*pixel).or_default() += 1;
    }
    let mut ranked: Vec<(Colour, usize)> = often.into_iter().collect();
    ranked.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    let chosen: Vec<Colour> = ranked.iter().take(256).map(|(colour, _)| *colour).collect();
    let nearest = |colour: &Colour| {
        let distance = |other: &Colour| -> u32 {
            colour.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(*other)).pow(2)).sum()
        };
        (0..=u8::MAX).zip(&chosen).min_by_key(|(_, other)| distance(other)).unwrap().0
    };
    let of = ranked.iter().map(|(colour, _)| (*colour, nearest(colour))).collect();
    (chosen, of)
}
