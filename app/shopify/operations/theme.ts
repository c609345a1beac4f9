/** The JSON files of the theme that shoppers see: blocks of apps stand in them. */

export const MAIN_THEME_FILES = `#graphql
  query MainThemeFiles($filenames: [String!]!) {
    themes(first: 1, roles: [MAIN]) {
      nodes {
        files(first: 250, filenames: $filenames) {
          nodes {
            filename
            body {
              ... on OnlineStoreThemeFileBodyText {
                content
              }
            }
          }
        }
      }
    }
  }
` as const;
