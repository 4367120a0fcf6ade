//! Draws a model file into a folder, for looking at.

use render::{RenderOptions, draw};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: draw_sample MODEL.json FOLDER".into());
    };
    let model = model::Model::from_json(&std::fs::read_to_string(path)?)?;
    std::fs::create_dir_all(&folder)?;
    let start = std::time::Instant::now();
    let files = draw(&model, &RenderOptions::default());
    let time = start.elapsed();
    for (name, text) in files {
        std::fs::write(std::path::Path::new(&folder).join(name), text)?;
    }
    std::fs::write(std::path::Path::new(&folder).join("time"), format!("{time:?}\n"))?;
    Ok(())
}
