-- Run once, on an empty server: the vault is a database of its own. Roles and tables: `mangnon roles apply`.
CREATE DATABASE vault;
