variable "name" {
  description = "The environment, which names what is made."
  type        = string
}

variable "region" {
  description = "Where all of it is."
  type        = string
}

variable "ops_repository" {
  description = "The repository that Flux deploys, without its owner."
  type        = string
}

variable "network" {
  description = "Addresses of the private network; no two environments share any."
  type        = string
}

variable "kubernetes_version" {
  description = "What the version begins with, ending in a dot: patches come by themselves."
  type        = string

  validation {
    condition     = can(regex("^1\\.[0-9]+\\.$", var.kubernetes_version))
    error_message = "Expected the beginning of a version with a dot at its end, such as \"1.35.\"."
  }
}

variable "highly_available" {
  description = "Whether the control plane is there more than once. It cannot be turned off again."
  type        = bool
}

variable "node_size" {
  description = "The size of a node."
  type        = string
}

variable "nodes" {
  description = "How many nodes there are at least and at most."
  type        = object({ min = number, max = number })
}

variable "database_version" {
  description = "The major version of PostgreSQL."
  type        = string
}

variable "database_size" {
  description = "The size of a node of the database."
  type        = string
}

variable "database_nodes" {
  description = "How many nodes the database has: from two on, another one takes over."
  type        = number
}

variable "backup_addresses" {
  description = "Addresses from which backups are made."
  type        = list(string)
}
