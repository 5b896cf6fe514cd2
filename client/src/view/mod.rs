//! What panels show of the session: plain data, made and tested without a page.
