// n8n reads the "n8n" section of package.json; the package has no entry point.
