//! What calls into libraries mean.
