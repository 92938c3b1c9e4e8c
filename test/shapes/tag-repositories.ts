import { inBoth, values } from './files.js';
import type { Repository } from './repository.js';

/** Shapes in which files without an ending hold a tag each. */
export const TAGS: readonly Repository[] = [
  {
    name: 'image-tags/<env>/<app>, files that hold nothing but a tag',
    files: inBoth((environment, { web, api }) => ({
      [`image-tags/${environment}/web`]: `${web}\n`,
      [`image-tags/${environment}/api`]: api,
      [`image-tags/${environment}/.gitkeep`]: '',
      OWNERS: 'team\n',
    })),
    templates: ['image-tags/{environment}/{app}'],
    requests: 3,
    carrier: (environment) => `image-tags/${environment}/web`,
  },
  {
    name: 'charts/<chart>/image-tags/<env>/<app>, files without an ending',
    files: inBoth((environment, { web, api }) => ({
      'charts/all/Chart.yaml': 'name: all\n',
      'charts/all/templates/a.yaml': '{{ range .Files.Glob "image-tags/*" }}\n{{ end }}\n',
      [`charts/all/image-tags/${environment}/web`]: `image_tag: ${web}\nautomatic: true\n`,
      [`charts/all/image-tags/${environment}/api`]: `image_tag: ${api}\n`,
      'charts/redis/Chart.yaml': 'name: redis\n',
      'charts/redis/values.yaml': values('web', '0.0.1'),
    })),
    templates: ['charts/all/image-tags/{environment}/{app}'],
    requests: 4,
    carrier: (environment) => `charts/all/image-tags/${environment}/web`,
  },
];
