import type { KeptPackage } from '../world/packages.js';
import { notFound, Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { allows } from '../world/world.js';
import { paginated, type RestRequest, type RestResponse, type Route } from './router.js';

/**
 * Packages of GitHub's registry for containers: whoever may read a repository that has a role in them reads their versions, and
 * deletes them where that role is *admin*.
 *
 * @see https://docs.github.com/packages/managing-github-packages-using-github-actions-workflows/publishing-and-installing-a-package-with-github-actions
 */
export const packageRoutes: Route[] = ['/orgs/{org}', '/users/{username}'].flatMap((owner) => [
  ofPackage('GET', `${owner}/packages/{package_type}/{package_name}/versions`, async (request, kept) => {
    demand(request, kept, 'read');
    return paginated(request, [...kept.versions.values()], (version) => versionView(request, kept, version));
  }),
  ofPackage(
    'GET',
    `${owner}/packages/{package_type}/{package_name}/versions/{package_version_id}`,
    async (request, kept) => {
      demand(request, kept, 'read');
      return { status: 200, body: versionView(request, kept, versionOf(request, kept)) };
    },
  ),
  ofPackage(
    'DELETE',
    `${owner}/packages/{package_type}/{package_name}/versions/{package_version_id}`,
    async (request, kept) => {
      demand(request, kept, 'admin');
      const version = versionOf(request, kept);
      const tagged = [...kept.versions.values()].filter(({ tags }) => tags.length > 0);
      if (tagged.length === 1 && tagged[0] === version) {
        throw new Refusal(
          400,
          'You cannot delete the last tagged version of a package. You must delete the package instead.',
        );
      }
      kept.versions.delete(version.id);
      return { status: 204 };
    },
  ),
]);

type Version = KeptPackage['versions'] extends Map<number, infer T> ? T : never;

function ofPackage(
  method: Route['method'],
  template: string,
  handle: (request: RestRequest, kept: KeptPackage) => Promise<RestResponse>,
): Route {
  return {
    method,
    template,
    async handle(request) {
      const { org, username, package_name: name = '' } = request.params;
      const kept = request.world.packages.get(`${org ?? username}/${name}`.toLowerCase());
      if (kept === undefined) {
        throw notFound('Package not found.');
      }
      return handle(request, kept);
    },
  };
}

/** @throws Refusal 404 or 403 where no repository of the caller has that role in the package */
function demand({ world, caller }: RestRequest, { roles }: KeptPackage, wanted: 'read' | 'admin'): void {
  const granted = [...roles].filter(([name, role]) => {
    const repository: Repository | undefined = world.repositories.get(name.toLowerCase());
    const level = wanted === 'read' ? 'read' : 'write';
    return (
      repository !== undefined &&
      allows(caller, repository, ['packages'], level) &&
      (wanted === 'read' || role === 'admin')
    );
  });
  if (granted.length === 0) {
    throw wanted === 'read'
      ? notFound('Package not found.')
      : new Refusal(403, 'Resource not accessible by integration');
  }
}

function versionOf({ params }: RestRequest, { versions }: KeptPackage): Version {
  const version = versions.get(Number(params.package_version_id));
  if (version === undefined) {
    throw notFound('Package version not found.');
  }
  return version;
}

function versionView({ world }: RestRequest, { owner, name }: KeptPackage, { id, digest, tags }: Version) {
  const url = `${world.apiUrl}/orgs/${owner}/packages/container/${encodeURIComponent(name)}/versions/${id}`;
  const html = `${world.serverUrl}/orgs/${owner}/packages/container/${encodeURIComponent(name)}`;
  return {
    ...{ id, name: digest, url, package_html_url: html, html_url: `${html}/${id}` },
    ...{ created_at: world.now().toISOString(), updated_at: world.now().toISOString() },
    metadata: { package_type: 'container', container: { tags: [...tags] } },
  };
}
