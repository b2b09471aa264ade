//! What is read of every answer: the contract's samples, what other servers send, and whatever else JSON can hold.

mod properties;
mod samples;
mod tolerance;
mod values;
