//! Every sentence that is shown, in one table.
