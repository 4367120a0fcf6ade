//! Running another program on text.

use layout::Scene;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than this nobody waits.
const PATIENCE: Duration = Duration::from_mins(1);

/// What an engine made of a graph.
pub(crate) struct Outcome {
    pub(crate) scene: Scene,
    pub(crate) time: Duration,
}

/// What a program writes for its input, and how long it took; nothing if it fails or takes too long.
pub(crate) fn run(program: &str, arguments: &[&str], input: &[u8]) -> Option<(Vec<u8>, Duration)> {
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut to, mut from) = (child.stdin.take()?, child.stdout.take()?);
    let input = input.to_vec();
    let writer = std::thread::spawn(move || to.write_all(&input).is_ok());
    let reader = std::thread::spawn(move || {
        let mut output = Vec::new();
        from.read_to_end(&mut output).ok().map(|_| output)
    });
    while child.try_wait().ok()?.is_none() {
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let time = start.elapsed();
    let written = writer.join().ok()?;
    let output = reader.join().ok()??;
    (written && child.wait().ok()?.success()).then_some((output, time))
}
